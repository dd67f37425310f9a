import { Badge, ColorSwatch, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconEdit, IconTrash } from '@tabler/icons-react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import type { TabProps } from '../tabs';
import { own } from './words';

type Fence = Schemas['Fence'];

/** The geofences that a customer drew; they are drawn and moved on the editor's map. */
export default function Fences({ customer }: TabProps) {
  const t = useT(own);
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const edit = (id: string) => navigate({ to: `/geofences/${id}` as string, search: { customer: customer.id } } as never);
  const columns: Column<Fence>[] = [
    { key: 'name', label: t('name'), render: (f) => <Group gap="xs" wrap="nowrap"><ColorSwatch size={14} color={f.colour || '#0b7285'} /><Text size="sm" fw={600}>{f.name}</Text></Group> },
    { key: 'reports', label: t('reports'), render: (f) => <Group gap={4}>{f.inside && <Badge variant="light" tt="none">{t('inside')}</Badge>}{f.outside && <Badge variant="light" color="grape" tt="none">{t('outside')}</Badge>}{!f.inside && !f.outside && <Text size="sm" c="dimmed">{t('silent')}</Text>}</Group> },
    { key: 'targets', label: t('targets'), render: (f) => (f.targets.all ? t('allDevices') : (f.targets.devices?.length ?? 0)) },
    { key: 'status', label: t('status'), render: (f) => <Badge variant="light" tt="none" color={f.paused ? 'gray' : 'green'}>{f.paused ? t('paused') : t('active')}</Badge> },
  ];
  const remove = (f: Fence) => confirmDelete(t as never, f.name, t('noUndo'), () => http.DELETE('/api/v1/fences/{id}', { params: { path: { id: f.id }, query: { version: f.version } } }),
    () => { void client.invalidateQueries({ queryKey: ['fences'] }); void client.invalidateQueries({ queryKey: ['customer', customer.id] }); });
  return (
    <RecordList name="fences" level={3} scope={customer.id} title={t('geofences')} columns={columns} rowKey={(f) => f.id}
      load={async (query) => (await http.GET('/api/v1/fences', { params: { query: { ...query, owner: customer.id } } })).data!}
      newLabel={t('addFence')} onNew={can('fence.create') ? () => edit('new') : undefined} onOpen={(f) => edit(f.id)}
      rowActions={can('fence.update') ? (f) => (
        <>
          <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => edit(f.id)} />
          {can('fence.delete') && <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => remove(f)} />}
        </>
      ) : undefined}
      empty={{ title: t('noFences'), text: can('fence.create') ? t('noFencesText') : undefined }} />
  );
}
