import { Badge, Group, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconEdit, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { words as eventWords } from '@/pages/events/words';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import type { Channel, Kind, Notification } from './data';
import { NotificationForm } from './NotificationForm';
import { TestMenu } from './TestMenu';
import { words } from './words';

/** The address may ask for a form: new=1, or open=ID. */
export function NotificationList({ filter }: { filter: ReactNode }) {
  const t = useT(words), te = useT(eventWords);
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as { owner?: string; new?: string; open?: string };
  const set = (change: Record<string, string | undefined>) => void navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const [shown, setShown] = useState<Notification[]>([]);
  const name = useNames({ users: shown.flatMap((n) => n.recipients), customers: shown.map((n) => n.owner), companies: shown.map((n) => n.owner), devices: shown.flatMap((n) => n.devices.slice(0, 2)) });
  const opened = useQuery({ queryKey: ['notifications', 'one', params.open], enabled: Boolean(params.open), queryFn: async () => (await http.GET('/api/v1/notifications/{id}', { params: { path: { id: params.open! } } })).data!, gcTime: 0 });
  const may = can('notification.update');
  const remove = (n: Notification) => confirmDelete(t as never, n.description, t('noUndo'), () => http.DELETE('/api/v1/notifications/{id}', { params: { path: { id: n.id }, query: { version: n.version } } }), () => client.invalidateQueries({ queryKey: ['notifications'] }));
  const columns: Column<Notification>[] = [
    { key: 'description', sort: 'description', label: t('description'), render: (n) => <Text size="sm" fw={600}>{n.description}</Text> },
    { key: 'type', label: t('type'), render: (n) => <Group gap={4}>{n.channels.map((c) => <Badge key={c} variant="light" tt="none" c="var(--mantine-color-text)">{t(c as Channel)}</Badge>)}</Group> },
    { key: 'owner', label: t('owner'), render: (n) => name(n.owner) },
    { key: 'device', label: t('device'), render: (n) => (n.allDevices ? t('allDevices') : <Text size="sm">{n.devices.length > 2 ? t('nDevices', { n: n.devices.length }) : n.devices.map((d) => name(d) || '…').join(', ')}</Text>) },
    { key: 'recipients', label: t('recipients'), render: (n) => <Text size="sm" lineClamp={2} maw={280}>{[...n.recipients.map((r) => name(r) || '…'), ...(n.emails ?? []), ...(n.phones ?? [])].join(', ')}</Text> },
    { key: 'plan', label: t('plan'), render: (n) => <Text size="sm" lineClamp={2} maw={260}>{n.plan ? n.planName : n.kinds.map((k) => te(k as Kind)).join(', ')}</Text> },
    { key: 'status', sort: 'status', label: t('status'), render: (n) => <Badge variant="dot" tt="none" fw={500} miw="max-content" color={n.paused ? 'gray' : 'green'}>{n.paused ? t('inactive') : t('active')}</Badge> },
  ];
  const close = () => set({ new: undefined, open: undefined });
  return (
    <>
      <RecordList name="notifications" title={t('title')} columns={columns} rowKey={(n) => n.id} filterKeys={['owner']} filters={filter}
        load={async (query) => {
          const page = (await http.GET('/api/v1/notifications', { params: { query: query as never } })).data!;
          setShown((old) => (query.after ? [...old, ...page.items] : page.items));
          return page;
        }}
        newLabel={t('newNotification')} onNew={can('notification.create') ? () => set({ new: '1' }) : undefined} onOpen={may ? (n) => set({ open: n.id }) : undefined}
        rowActions={may ? (n) => (
          <>
            {can('channel.create') && <TestMenu notification={n} />}
            <RowButton label={`${t('edit')}: ${n.description}`} icon={IconEdit} color="green" onClick={() => set({ open: n.id })} />
            {can('notification.delete') && <RowButton label={`${t('delete')}: ${n.description}`} icon={IconTrash} color="red" onClick={() => remove(n)} />}
          </>
        ) : undefined}
        empty={{ title: t('noNotifications'), text: can('notification.create') ? t('noNotificationsText') : undefined }} />
      {params.new && can('notification.create') && <NotificationForm owner={params.owner} onClose={close} />}
      {params.open && may && opened.data && <NotificationForm key={opened.data.id} notification={opened.data} onClose={close} />}
    </>
  );
}
