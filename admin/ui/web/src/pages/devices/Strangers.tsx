// Senders that nobody registered: heard, shown, taken in with one press.
import { Button, Collapse, Group, Paper, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { IconAntenna, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { Ago } from '@/parts/time';
import { useStrangers, type Device, type Stranger } from './data';
import { words } from './words';

export function Strangers({ customer, onAdopted }: { customer?: string; onAdopted: (d: Device) => void }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const strangers = useStrangers();
  const [opened, { toggle }] = useDisclosure();
  const [busy, setBusy] = useState('');
  if (!strangers.length) return null;
  const adopt = async (s: Stranger) => {
    setBusy(s.uniqueId);
    await http.POST('/api/v1/strangers/{uniqueId}/adopt', { params: { path: { uniqueId: s.uniqueId } }, body: { name: s.uniqueId, customer } }).then(({ data }) => {
      for (const key of ['devices', 'strangers', 'customer', 'customers']) void client.invalidateQueries({ queryKey: [key] });
      notifications.show({ color: 'green', message: t('adopted', { name: s.uniqueId }) });
      onAdopted(data!);
    }, sayProblem);
    setBusy('');
  };
  return (
    <Paper withBorder radius="md" mx="md" mt="md" px="md" py="xs" component="section" aria-label={t('strangers', { n: strangers.length })}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Group gap={10} wrap="nowrap"><IconAntenna size={20} stroke={1.6} /><Text fw={600} size="sm">{t('strangers', { n: strangers.length })}</Text></Group>
        <Button size="compact-sm" variant="subtle" onClick={toggle} aria-expanded={opened}>{opened ? t('hide') : t('show')}</Button>
      </Group>
      <Collapse expanded={opened}>
        <Text size="sm" c="dimmed" mb="xs">{t('strangersText')}</Text>
        <Stack gap={0} mah={280} style={{ overflowY: 'auto' }}>
          {strangers.slice(0, 100).map((s) => (
            <Group key={s.uniqueId} justify="space-between" py={6} gap="sm" style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}>
              <div style={{ minWidth: 0 }}>
                <Text size="sm" fw={600} className="tabular" truncate>{s.uniqueId}</Text>
                <Text size="xs" c="dimmed">{s.protocol} · {s.addr} · {t('messages', { n: s.count })} · {t('notRegistered')} <Ago time={s.last} /></Text>
              </div>
              {can('stranger.create') && <Button size="compact-sm" variant="light" leftSection={<IconUserPlus size={15} />} loading={busy === s.uniqueId} onClick={() => adopt(s)} aria-label={`${t('adopt')}: ${s.uniqueId}`}>{t('adopt')}</Button>}
            </Group>
          ))}
        </Stack>
      </Collapse>
    </Paper>
  );
}
