import { Badge, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { NotificationForm } from '@/pages/rules/NotificationForm';
import { TestMenu } from '@/pages/rules/TestMenu';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import type { TabProps } from '../tabs';
import { useCustomerUsers } from '../users/data';
import { words } from '../words';
import { own } from './words';

type Notification = Schemas['Notification'];

/** Who of a customer is told of what. */
export default function Notifications({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ notifications: words.notifications }) });
  const can = useCan();
  const client = useQueryClient();
  const [editing, setEditing] = useState<Notification | 'new'>();
  const users = useCustomerUsers(customer.id);
  const name = (id: string) => users?.find((u) => u.id === id)?.name ?? '…';
  const may = can('notification.update');
  const remove = (n: Notification) => confirmDelete(t as never, n.description, t('noUndo'), () => http.DELETE('/api/v1/notifications/{id}', { params: { path: { id: n.id }, query: { version: n.version } } }), () => client.invalidateQueries({ queryKey: ['notifications'] }));
  const columns: Column<Notification>[] = [
    { key: 'description', sort: 'description', label: t('description'), render: (n) => <Text size="sm" fw={600}>{n.description}</Text> },
    { key: 'channels', label: t('channels'), render: (n) => <Group gap={4}>{n.channels.map((c) => <Badge key={c} variant="light" tt="none" c="var(--mantine-color-text)">{t(c as 'email')}</Badge>)}</Group> },
    { key: 'devices', label: t('devices'), render: (n) => (n.allDevices ? t('allDevices') : n.devices.length) },
    { key: 'recipients', label: t('recipients'), render: (n) => <Text size="sm" lineClamp={1}>{[...n.recipients.map(name), ...(n.emails ?? []), ...(n.phones ?? [])].join(', ')}</Text> },
    { key: 'plan', label: t('plan'), render: (n) => <Text size="sm" lineClamp={1} maw={240}>{n.planName ?? n.kinds.length}</Text> },
    { key: 'status', sort: 'status', label: t('status'), render: (n) => <Badge variant="light" tt="none" c="var(--mantine-color-text)" color={n.paused ? 'gray' : 'green'}>{n.paused ? t('paused') : t('active')}</Badge> },
  ];
  return (
    <>
      <RecordList name="notifications" level={3} scope={customer.id} title={t('notifications')} columns={columns} rowKey={(n) => n.id}
        load={async (query) => (await http.GET('/api/v1/notifications', { params: { query: { ...query, owner: customer.id } } })).data!}
        newLabel={t('addNotification')} onNew={can('notification.create') ? () => setEditing('new') : undefined} onOpen={may ? setEditing : undefined}
        rowActions={may ? (n) => (
          <>
            {can('channel.create') && <TestMenu notification={n} />}
            <RowButton label={`${t('edit')}: ${n.description}`} icon={IconEdit} color="green" onClick={() => setEditing(n)} />
            {can('notification.delete') && <RowButton label={`${t('delete')}: ${n.description}`} icon={IconTrash} color="red" onClick={() => remove(n)} />}
          </>
        ) : undefined}
        empty={{ title: t('noNotifications'), text: t('noNotificationsText') }} />
      {editing && <NotificationForm notification={editing === 'new' ? undefined : editing} owner={customer.id} onClose={() => setEditing(undefined)} />}
    </>
  );
}
