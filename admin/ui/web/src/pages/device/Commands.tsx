// What a device was told, what it answered, and what it can be told.
import { Alert, Badge, Button, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { sayProblem } from '@/parts/problems';
import { RecordList, type Column } from '@/parts/RecordList';
import { When } from '@/parts/time';
import { words } from './commandWords';
import { SendCommand } from './SendCommand';

type Command = Schemas['CommandView'];
const tone: Record<Command['state'], string> = { queued: 'orange', sent: 'orange', answered: 'green', unanswered: 'yellow', failed: 'red', expired: 'gray', cancelled: 'gray' };

export function Commands({ device }: { device: Device }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const [sending, setSending] = useState(false);
  const [open, setOpen] = useState(false); // of what is listed, something waits for the device or for its answer
  const asked = useQuery({
    queryKey: ['commands', 'kinds', device.id], enabled: can('command.create'), retry: false, refetchInterval: (q) => (q.state.error ? false : 10_000),
    queryFn: async () => (await http.GET('/api/v1/devices/{id}/command-kinds', { params: { path: { id: device.id } } })).data!,
  }), ability = asked.data;
  const changed = () => { for (const key of ['commands', `commands-${device.id}`]) void client.invalidateQueries({ queryKey: [key] }); };
  useQuery({ // what waits changes by itself: the list is asked for anew while something does
    queryKey: ['commands', 'watch', device.id], enabled: open || Boolean(ability?.waiting), refetchInterval: 2000,
    queryFn: async () => { await client.invalidateQueries({ queryKey: [`commands-${device.id}`] }); return Date.now(); },
  });
  const columns: Column<Command>[] = [
    { key: 'created', label: t('created'), render: (c) => <When time={c.created} /> },
    { key: 'kind', label: t('kind'), render: (c) => <><Text size="sm" fw={600}>{t(c.kind)}</Text>{(c.text || c.seconds) && <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{c.text ?? `${c.seconds} s`}</Text>}</> },
    { key: 'state', label: t('status'), render: (c) => <><Badge variant="dot" tt="none" fw={500} color={tone[c.state]}>{t(c.state)}</Badge>{c.reason && <Text size="xs" c="dimmed">{t(c.reason)}</Text>}</> },
    { key: 'answer', label: t('answer'), render: (c) => <Text size="sm" maw={360} style={{ overflowWrap: 'anywhere' }}>{c.answer}</Text> },
    { key: 'by', label: t('by'), render: (c) => c.userName },
  ];
  const cancel = (c: Command) => http.POST('/api/v1/commands/{id}/cancel', { params: { path: { id: c.id } } }).then(changed, sayProblem);
  // The customer's switch may be off: that is said in place of a list that is refused too.
  if (asked.isError && !ability) return <Alert color="gray">{asked.error.message}</Alert>;
  if (asked.isLoading) return null;
  const kinds = ability?.kinds as Command['kind'][] | undefined;
  return (
    <>
      {kinds?.length === 0 && <Alert color="gray" mb="sm" py={8}>{t('noKinds')}</Alert>}
      <RecordList name={`commands-${device.id}`} level={3} title={t('commands')} columns={columns} rowKey={(c) => c.id} searchable={false}
        load={async ({ after, limit }) => {
          const page = (await http.GET('/api/v1/commands', { params: { query: { device: device.id, after, limit } } })).data!;
          if (!after) setOpen(page.items.some((c) => c.state === 'queued' || c.state === 'sent'));
          return page;
        }}
        newLabel={t('send')} onNew={kinds?.length ? () => setSending(true) : undefined}
        filters={ability && ability.waiting > 0 ? <Badge variant="light" color="orange" tt="none" size="lg" c="var(--mantine-color-text)">{t('waits', { n: ability.waiting })}</Badge> : undefined}
        rowActions={can('command.create') ? (c) => (c.state === 'queued' ? <Button size="compact-sm" variant="light" color="red" onClick={() => cancel(c)}>{t('takeBack')}</Button> : null) : undefined}
        empty={{ title: t('noneYet'), text: kinds?.length ? t('noneText') : undefined }} />
      {sending && ability && <SendCommand device={device} ability={ability} onClose={() => setSending(false)} onSent={changed} />}
    </>
  );
}
