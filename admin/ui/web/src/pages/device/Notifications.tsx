// The notifications that are about a device, each with what it says and by which ways.
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconEdit, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { NotificationForm } from '@/pages/rules/NotificationForm';
import { TestMenu } from '@/pages/rules/TestMenu';
import { words as ruleWords } from '@/pages/rules/words';
import { RowButton } from '@/parts/RowButton';
import type { Panel } from './data';
import { words } from './words';

type Notification = Schemas['Notification'];
const both = { ...ruleWords, ...texts({ notifications: words.notifications, noOfDevice: words.noNotifications, aboutAll: words.aboutAll }) };

export function DeviceNotifications({ panel }: { panel: Panel }) {
  const t = useT(both);
  const can = useCan();
  const [editing, setEditing] = useState<Notification | 'new'>();
  const ids = panel.notifications.map((n) => n.id);
  const owner = panel.device.customer ?? panel.device.company;
  const { data } = useQuery({ // the whole of each; what is of others stays a name
    queryKey: ['notifications', 'of-device', panel.device.id, ids], enabled: can('notification.read') && ids.length > 0,
    queryFn: async () => Promise.all(ids.slice(0, 50).map(async (id) => (await http.GET('/api/v1/notifications/{id}', { params: { path: { id } } })).data!)),
  });
  const name = useNames({ users: data?.flatMap((n) => n.recipients) ?? [] });
  const may = can('notification.update');
  return (
    <Stack gap="sm">
      <Group justify="space-between"><Title order={2} size="h3">{t('notifications')}</Title>{can('notification.create') && <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>{t('newNotification')}</Button>}</Group>
      {ids.length === 0 && <Text c="dimmed">{t('noOfDevice')}</Text>}
      {panel.notifications.map((item) => {
        const n = data?.find((o) => o.id === item.id);
        return (
          <Paper key={item.id} withBorder radius="md" px="md" py="xs">
            <Group justify="space-between" gap="sm">
              <div>
                <Group gap={6}><Text size="sm" fw={600}>{item.name}</Text>{item.all && <Badge variant="light" tt="none" c="var(--mantine-color-text)">{t('aboutAll')}</Badge>}</Group>
                {n && <Text size="xs" c="dimmed">{[n.planName, n.recipients.map((r) => name(r) || '…').join(', ')].filter(Boolean).join(' · ')}</Text>}
              </div>
              {n && (
                <Group gap={6}>
                  {n.channels.map((c) => <Badge key={c} variant="light" tt="none" c="var(--mantine-color-text)">{t(c as 'sms')}</Badge>)}
                  <Badge variant="dot" tt="none" fw={500} color={n.paused ? 'gray' : 'green'}>{n.paused ? t('inactive') : t('active')}</Badge>
                  {can('channel.create') && <TestMenu notification={n} />}
                  {may && <RowButton label={`${t('edit')}: ${n.description}`} icon={IconEdit} color="green" onClick={() => setEditing(n)} />}
                </Group>
              )}
            </Group>
          </Paper>
        );
      })}
      {editing && <NotificationForm notification={editing === 'new' ? undefined : editing} owner={owner} device={panel.device.id} onClose={() => setEditing(undefined)} />}
    </Stack>
  );
}
