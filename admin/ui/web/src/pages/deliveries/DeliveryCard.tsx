// One message with every try and the provider's words.
import { Badge, Card, Code, Group, Text } from '@mantine/core';
import type { Schemas } from '@/api/client';
import { useNames } from '@/api/names';
import { useT } from '@/i18n';
import { When } from '@/parts/time';
import { toneOfState, words } from './words';

export function DeliveryCard({ delivery: d }: { delivery: Schemas['Delivery'] }) {
  const t = useT(words);
  const name = useNames({ users: [d.recipient] });
  return (
    <Card withBorder padding="xs" radius="md">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={600} truncate>{t(d.channel)} · {name(d.recipient) || d.attempts.at(-1)?.to || d.recipient}</Text>
        <Badge variant="dot" tt="none" color={toneOfState[d.state]}>{t(d.state)}</Badge>
      </Group>
      {d.reason && <Text size="sm">{d.reason}</Text>}
      {d.untrue && <Text size="sm" c="dimmed">{t('untrue')}</Text>}
      {d.attempts.map((a, i) => (
        <div key={i}>
          <Group gap={6}><When time={a.at} /><Text size="xs" c="dimmed">{a.provider} · {t('took', { n: a.took })} · {a.to}</Text></Group>
          {(a.error || a.answer) && <Code block fz="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{a.error || a.answer}</Code>}
        </div>
      ))}
      {d.receipts?.map((r, i) => <Group gap={6} key={'r' + i}><When time={r.done ?? r.received} /><Text size="xs">{t(r.state)}: {r.words}</Text></Group>)}
    </Card>
  );
}
