import { Badge, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { IconEdit, IconLayoutSidebar, IconTrash, IconUsers } from '@tabler/icons-react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { words } from './words';

type Customer = Schemas['Customer'];

export function Customers() {
  const t = useT(words);
  const can = useCan();
  const navigate = useNavigate();
  const columns: Column<Customer>[] = [
    { key: 'name', label: t('name'), render: (c) => c.name },
    { key: 'code', label: t('code'), render: (c) => c.code },
    { key: 'type', label: t('type'), render: (c) => c.kind },
    { key: 'tags', label: t('tags'), render: (c) => <Group gap={4}>{c.tags?.map((tag) => <Badge key={tag} variant="light" size="sm">{tag}</Badge>)}</Group> },
    { key: 'devices', label: t('devices'), align: 'right', render: (c) => c.counts?.devices },
    { key: 'users', label: t('users'), align: 'right', render: (c) => c.counts?.users },
    { key: 'status', label: t('status'), render: (c) => <Badge color={c.access?.reason === 'active' ? 'green' : 'red'} variant="light">{c.access?.text || t('on')}</Badge> },
  ];
  return (
    <RecordList name="customers" title={t('customers')} columns={columns} rowKey={(c) => c.id}
      load={async (query) => (await http.GET('/api/v1/customers', { params: { query } })).data!}
      newLabel={t('new')} onNew={can('customer.create') ? () => {} : undefined}
      onOpen={(c) => navigate({ to: `/customers/${c.id}` as string })}
      rowActions={(c) => (
        <>
          <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => {}} />
          <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => {}} />
          <RowButton label={t('panel')} icon={IconLayoutSidebar} color="green" to={`/customers/${c.id}`} newTab />
          <RowButton label={t('manageUsers')} icon={IconUsers} to={`/customers/${c.id}?tab=users`} />
        </>
      )}
      empty={{ title: t('emptyTitle'), text: t('emptyText') }} />
  );
}
