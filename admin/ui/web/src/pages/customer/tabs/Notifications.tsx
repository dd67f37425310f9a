import { Badge, Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { RecordList, type Column } from '@/parts/RecordList';
import type { TabProps } from '../tabs';
import { useCustomerUsers } from '../users/data';
import { words } from '../words';
import { own } from './words';

type Notification = Schemas['Notification'];

/** Who of a customer is told of what. They are written on their own page. */
export default function Notifications({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ notifications: words.notifications }) });
  const can = useCan();
  const navigate = useNavigate();
  const users = useCustomerUsers(customer.id);
  const name = (id: string) => users?.find((u) => u.id === id)?.name ?? '…';
  const go = (search: Record<string, string>) => navigate({ to: '/rules' as string, search } as never);
  const columns: Column<Notification>[] = [
    { key: 'description', label: t('description'), render: (n) => <Text size="sm" fw={600}>{n.description}</Text> },
    { key: 'channels', label: t('channels'), render: (n) => <Group gap={4}>{n.channels.map((c) => <Badge key={c} variant="light" tt="none">{t(c as 'email')}</Badge>)}</Group> },
    { key: 'devices', label: t('devices'), render: (n) => (n.allDevices ? t('allDevices') : n.devices.length) },
    { key: 'recipients', label: t('recipients'), render: (n) => <Text size="sm" lineClamp={1}>{n.recipients.map(name).join(', ')}</Text> },
    { key: 'status', label: t('status'), render: (n) => <Badge variant="light" tt="none" color={n.paused ? 'gray' : 'green'}>{n.paused ? t('paused') : t('active')}</Badge> },
  ];
  return (
    <RecordList name="notifications" level={3} scope={customer.id} title={t('notifications')} columns={columns} rowKey={(n) => n.id}
      load={async (query) => (await http.GET('/api/v1/notifications', { params: { query: { ...query, owner: customer.id } } })).data!}
      newLabel={t('addNotification')} onNew={can('notification.create') ? () => go({ owner: customer.id, new: '1' }) : undefined}
      onOpen={(n) => go({ owner: customer.id, open: n.id })}
      empty={{ title: t('noNotifications'), text: t('noNotificationsText') }} />
  );
}
