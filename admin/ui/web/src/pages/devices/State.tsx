import { Badge, Group, Text } from '@mantine/core';
import { useT } from '@/i18n';
import { Ago } from '@/parts/time';
import { useNow } from '@/parts/useNow';
import type { Device, Position } from './data';
import { online } from './online';
import { words } from './words';

/** Whether a device is heard, and since when it was last. */
export function OnlineState({ device, last, known }: { device: Device; last?: Position; known: boolean }) {
  const t = useT(words);
  const now = useNow();
  if (!known) return <Text span c="dimmed" size="sm">–</Text>;
  if (!last) return <Badge variant="dot" tt="none" color="gray" fw={500}>{t('neverSeen')}</Badge>;
  const on = online(device.offlineAfter, last.received ?? last.time, now);
  return (
    <Group gap={8} wrap="nowrap">
      <Badge variant="dot" tt="none" fw={500} color={on ? 'green' : 'gray'} style={{ flex: 'none' }}>{on ? t('connected') : t('disconnected')}</Badge>
      <Text span c="dimmed" size="sm" style={{ whiteSpace: 'nowrap' }}><Ago time={last.time} /></Text>
    </Group>
  );
}

/** What is out of the ordinary with a device. */
export function Flags({ device: d }: { device: Device }) {
  const t = useT(words);
  const flag = (label: string, color: string) => <Badge key={label} variant="light" color={color} tt="none" c="var(--mantine-color-text)">{label}</Badge>;
  return (
    <>
      {d.disabled && flag(t('disabled'), 'gray')}
      {d.alarmMode === 'test' && flag(t('testMode'), 'orange')}
      {d.alarmMode === 'maintenance' && flag(t('maintenance'), 'orange')}
      {d.clock && flag(t('clockWrong'), 'yellow')}
    </>
  );
}
