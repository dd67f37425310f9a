// What a tracker sent lately, byte for byte, and what was read in it: for the
// company's staff, when a device and the server do not understand each other.
import { ActionIcon, Alert, Badge, Card, Center, Code, CopyButton, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { When } from '@/parts/time';
import { words } from './words';

type Message = Schemas['RawMessages']['items'][number];

export function Messages({ device }: { device: Device }) {
  const t = useT(words);
  const query = useQuery({
    queryKey: ['messages', device.id], refetchInterval: 5_000, retry: false,
    queryFn: async () => (await http.GET('/api/v1/devices/{id}/messages', { params: { path: { id: device.id } } })).data!,
  });
  if (query.isPending) return <Center p="xl"><Loader aria-label={t('loading')} /></Center>;
  if (query.isError) return <Alert color="red" role="alert">{query.error.message}</Alert>;
  const { items, since } = query.data;
  return (
    <Stack maw={900}>
      <div>
        <Title order={2} size="h3">{t('rawMessages')}</Title>
        <Text size="sm" c="dimmed">{t('rawHint')} {t('rawSince')} <When time={since} /></Text>
      </div>
      {items.length === 0 && <Text c="dimmed">{t('rawNone')}</Text>}
      {items.map((m) => <One key={m.time + m.hex} message={m} />)}
    </Stack>
  );
}

function One({ message: m }: { message: Message }) {
  const t = useT(words);
  const whole = m.size * 2 > m.hex.length ? '…' : '';
  const placed = m.reports.filter((r) => Date.parse(r.time) > 0); // an answer or a heartbeat has no time of a place
  return (
    <Card withBorder p="sm">
      <Group gap={8} mb={6}>
        <When time={m.time} />
        <Badge variant="default" tt="none">{m.protocol} · {m.transport}</Badge>
        <Text size="sm" c="dimmed">{m.from}</Text>
        <Text size="sm" c="dimmed" className="tabular">{t('bytes', { n: m.size })}</Text>
        {m.reason && <Badge color="red" variant="light" tt="none">{m.reason}</Badge>}
      </Group>
      <Bytes label={t('rawSent')} text={m.text ?? pairs(m.hex) + whole} copy={m.text ?? m.hex} />
      {m.reply && <Bytes label={t('rawReply')} text={pairs(m.reply)} copy={m.reply} />}
      {placed.map((r, i) => (
        <Text key={i} size="sm" mt={6} style={{ overflowWrap: 'anywhere' }}>
          <Text span fw={550}>{t('rawRead')}</Text> <When time={r.time} /> · {r.lat.toFixed(6)}, {r.lon.toFixed(6)}{r.speed !== undefined && ` · ${Math.round(r.speed)} km/h`}
        </Text>
      ))}
      {m.count > m.reports.length && <Text size="sm" c="dimmed">{t('rawMore', { n: m.count - m.reports.length })}</Text>}
      {placed.length === 0 && !m.reason && <Text size="sm" c="dimmed" mt={6}>{t('rawNoPlace')}</Text>}
    </Card>
  );
}

function Bytes({ label, text, copy }: { label: string; text: string; copy: string }) {
  const t = useT(words);
  return (
    <Group gap={6} wrap="nowrap" align="start" mt={4}>
      <Text size="sm" fw={550} w={72} style={{ flexShrink: 0 }}>{label}</Text>
      <Code style={{ overflowWrap: 'anywhere', flex: 1 }}>{text}</Code>
      <CopyButton value={copy}>
        {({ copied, copy: put }) => <ActionIcon variant="subtle" size="sm" onClick={put} aria-label={t('copy')}>{copied ? <IconCheck size={14} /> : <IconCopy size={14} />}</ActionIcon>}
      </CopyButton>
    </Group>
  );
}

const pairs = (hex: string) => hex.replace(/(..)(?=.)/g, '$1 ');
