// Senders as they arrive, with the very bytes: proof that the way is open.
import { Badge, Button, Code, Group, Loader, Paper, Stack, Text } from '@mantine/core';
import { IconAntenna, IconCheck } from '@tabler/icons-react';
import { useRef } from 'react';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { useStrangers, type Stranger } from '@/pages/devices/data';
import { Ago } from '@/parts/time';
import { readable } from './texts';
import { words } from './words';

interface Props {
  /** Shown first if it is among them: the phone's own identifier. */
  expected?: string;
  onPick: (s: Stranger) => void;
  onRegister: () => void;
}

export function Waiting({ expected, onPick, onRegister }: Props) {
  const t = useT(words);
  const can = useCan();
  const strangers = useStrangers(2000);
  const began = useRef(Date.now());
  const isNew = (s: Stranger) => Date.parse(s.last) >= began.current - 60_000;
  const shown = [...strangers].sort((a, b) => Number(b.uniqueId === expected) - Number(a.uniqueId === expected) || Number(isNew(b)) - Number(isNew(a)));
  return (
    <Stack gap="sm">
      {can('stranger.read') ? (
        <Group gap="sm" role="status" wrap="nowrap" align="flex-start"><Loader size="sm" type="dots" mt={4} /><div><Text fw={600}>{t('waiting')}</Text><Text size="sm" c="dimmed">{t('waitingHint')}</Text></div></Group>
      ) : <Text size="sm">{t('noSight')}</Text>}
      {shown.slice(0, 12).map((s) => (
        <Paper key={s.uniqueId} withBorder p="sm" radius="md" style={s.uniqueId === expected ? { borderColor: 'var(--mantine-primary-color-filled)' } : undefined}>
          <Group justify="space-between" gap="sm" wrap="wrap">
            <Group gap={10} wrap="nowrap" miw={0}>
              <IconAntenna size={20} stroke={1.6} />
              <div style={{ minWidth: 0 }}>
                <Group gap={6}><Text size="sm" fw={600}>{t('connected')}, {t('identified', { id: s.uniqueId })}</Text>{isNew(s) && <Badge size="sm" color="green" variant="light" tt="none" c="var(--mantine-color-text)">{t('newNow')}</Badge>}</Group>
                <Text size="xs" c="dimmed">{s.protocol} · {s.addr} · <Ago time={s.last} /></Text>
              </div>
            </Group>
            {can('stranger.create') && <Button size="compact-md" leftSection={<IconCheck size={16} />} onClick={() => onPick(s)} aria-label={`${t('thisOne')}: ${s.uniqueId}`}>{t('thisOne')}</Button>}
          </Group>
          {s.frames.length > 0 && (
            <div role="log" aria-label={t('bytes')} style={{ marginTop: 8 }}>
              {s.frames.slice(-3).map((f, i) => {
                const { pairs, ascii } = readable(f);
                return <Code key={i} block fz={12} mb={4} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap', maxHeight: 90, overflow: 'auto' }} tabIndex={0}>{ascii || pairs}</Code>;
              })}
            </div>
          )}
        </Paper>
      ))}
      <Group><Button variant="subtle" px={0} onClick={onRegister}>{t('register')}</Button></Group>
    </Stack>
  );
}
