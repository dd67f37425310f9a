import { Anchor, Button, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconEdit, IconTrash, IconUserShield } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import type { TabProps } from '../tabs';
import { AssignDialog } from '../users/AssignDialog';
import { usePersonColumns } from '../users/columns';
import type { User } from '../users/data';
import { UserDialog } from '../users/UserDialog';
import { UserTools } from '../users/UserTools';
import { words } from '../words';

type Doing = { what: 'new' } | { what: 'edit' | 'assign'; user: User };

/** The people of a customer; those of the company have their own page. */
export default function Users({ customer }: TabProps) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const client = useQueryClient();
  const [doing, setDoing] = useState<Doing>();
  const done = () => setDoing(undefined);
  const changed = () => { for (const key of ['users', 'customer', 'customers']) void client.invalidateQueries({ queryKey: [key] }); };
  const columns: Column<User>[] = [
    ...usePersonColumns(),
    { key: 'role', label: t('role'), render: (u) => t(u.role as 'customerUser') },
    {
      key: 'assigned', label: t('devices'), render: (u) => u.role !== 'customerUser' ? <Text size="sm" c="dimmed">{t('allDevices')}</Text>
        : can('user.update') ? <Anchor component="button" type="button" size="sm" onClick={() => setDoing({ what: 'assign', user: u })}>{t('assignedN', { n: u.devices.length })}</Anchor>
          : <Text size="sm">{t('assignedN', { n: u.devices.length })}</Text>,
    },
  ];
  const remove = (u: User) => confirmDelete(t as never, u.name, t('deleteUserText'), () => http.DELETE('/api/v1/users/{id}', { params: { path: { id: u.id }, query: { version: u.version } } }), changed);
  return (
    <>
      <RecordList name="users" level={3} scope={customer.id} title={t('subUsers')} columns={columns} rowKey={(u) => u.id}
        load={async (query) => (await http.GET('/api/v1/users', { params: { query: { ...query, owner: customer.id } } })).data!}
        newLabel={t('addUser')} onNew={can('user.create') ? () => setDoing({ what: 'new' }) : undefined}
        onOpen={can('user.update') ? (u) => setDoing({ what: 'edit', user: u }) : undefined}
        tools={isStaff(me) && can('user.create') && <Button variant="subtle" component={Link} to={'/users/operators' as string} leftSection={<IconUserShield size={16} />}>{t('companyUsers')}</Button>}
        rowActions={can('user.update') ? (u) => (
          <>
            <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => setDoing({ what: 'edit', user: u })} />
            {can('user.delete') && u.id !== me.user.id && <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => remove(u)} />}
            <UserTools user={u} />
          </>
        ) : undefined}
        empty={{ title: t('noUsers'), text: t('noUsersText') }} />
      {doing?.what === 'new' && <UserDialog customer={customer} onClose={done} onAssign={(user) => setDoing({ what: 'assign', user })} />}
      {doing?.what === 'edit' && <UserDialog customer={customer} user={doing.user} onClose={done} onAssign={() => {}} />}
      {doing?.what === 'assign' && <AssignDialog user={doing.user} onClose={done} />}
    </>
  );
}
