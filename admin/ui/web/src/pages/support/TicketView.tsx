// One ticket as a conversation: what was written, what was answered, and how it stands.
import { Alert, Anchor, Badge, Button, Center, Drawer, Group, Loader, Paper, Select, Stack, Text, Textarea } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { IconMail, IconPhone } from '@tabler/icons-react';
import { useState } from 'react';
import { isProblem } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { When } from '@/parts/time';
import { useStaff, useTicket, useTicketTools, type Status, type Ticket } from './data';
import { stateTones, tones, words } from './words';

export function TicketView({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useT(words);
  const query = useTicket(id);
  const ticket = query.data;
  return (
    <Drawer opened onClose={onClose} position="right" size={560} title={ticket?.category ?? t('support')} closeButtonProps={{ 'aria-label': t('close') }}>
      {query.isPending && <Center p="xl"><Loader aria-label={t('loading')} /></Center>}
      {query.isError && !ticket && <Alert color="red" role="alert">{isProblem(query.error, 404) ? t('gone') : query.error.message}</Alert>}
      {ticket && <Conversation ticket={ticket} />}
    </Drawer>
  );
}

function Conversation({ ticket: k }: { ticket: Ticket }) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const staff = isStaff(me);
  const { answer, change } = useTicketTools(k);
  const name = useNames({ customers: [k.owner], users: [k.assignee] });
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const status: Status = k.status ?? 'open';
  const may = can('ticket.update');
  const people = useStaff(k.company, may && can('user.read'));
  const choices = people.map((u) => ({ value: u.id, label: u.name }));
  if (k.assignee && !choices.some((c) => c.value === k.assignee)) choices.unshift({ value: k.assignee, label: name(k.assignee) || t('staffSide') });
  if (may && !choices.some((c) => c.value === me.user.id) && me.user.company === k.company) choices.push({ value: me.user.id, label: me.user.name });
  const run = async (what: () => Promise<unknown>) => { setBusy(true); await what().catch(sayProblem); setBusy(false); };
  const send = (to?: Status) => run(async () => { await answer(text.trim(), to); setText(''); });
  return (
    <Stack gap="md">
      <Group gap={6}>
        <Badge color={stateTones[status]} variant="light" tt="none">{t(status)}</Badge>
        <Badge color={tones[k.priority]} variant="light" tt="none">{t('priority')}: {t(k.priority)}</Badge>
        <Badge variant="default" tt="none">{t(k.kind)}</Badge>
      </Group>
      <Group gap="md" fz="sm">
        {staff && k.owner && name(k.owner) && <Anchor component={Link} to={`/customers/${k.owner}` as string} size="sm" fw={600}>{name(k.owner)}</Anchor>}
        {k.phone && <Anchor href={`tel:${k.phone}`} size="sm" className="tabular"><IconPhone size={14} style={{ verticalAlign: -2 }} /> {k.phone}</Anchor>}
        {k.email && <Anchor href={`mailto:${k.email}`} size="sm"><IconMail size={14} style={{ verticalAlign: -2 }} /> {k.email}</Anchor>}
      </Group>
      {may && (
        <Group align="flex-end" gap="xs">
          <Select label={t('assignee')} placeholder={t('nobody')} data={choices} searchable style={{ flex: 1 }} value={k.assignee ?? null} disabled={busy} onChange={(v) => v && v !== k.assignee && void run(() => change({ assignee: v }))} />
          {k.assignee !== me.user.id && me.user.company === k.company && <Button variant="default" loading={busy} onClick={() => run(() => change({ assignee: me.user.id }))}>{t('take')}</Button>}
        </Group>
      )}
      <Stack gap="sm" role="log" aria-label={k.category}>
        <Said who={k.authorName ?? ''} at={k.created} text={k.description} />
        {k.thread?.map((a, i) => <Said key={i} who={a.name ?? ''} at={a.at} text={a.text} other={a.by !== k.author} />)}
      </Stack>
      {can('answer.create') && (
        <Stack gap="xs">
          <Textarea aria-label={t('write')} placeholder={t('write')} autosize minRows={3} maxRows={10} maxLength={2000} value={text} onChange={(e) => setText(e.currentTarget.value)} />
          <Group justify="flex-end" gap="xs">
            {may && status !== 'closed' && !text.trim() && <Button variant="default" loading={busy} onClick={() => run(() => change({ status: 'closed' }))}>{t('closeTicket')}</Button>}
            {may && status === 'closed' && <Button variant="default" loading={busy} onClick={() => run(() => change({ status: 'open' }))}>{t('reopen')}</Button>}
            {may && text.trim() && <Button variant="default" loading={busy} onClick={() => send('closed')}>{t('answerClose')}</Button>}
            <Button loading={busy} disabled={!text.trim()} onClick={() => send()}>{t('answer')}</Button>
          </Group>
        </Stack>
      )}
    </Stack>
  );
}

function Said({ who, at, text, other }: { who: string; at?: string; text: string; other?: boolean }) {
  return (
    <Paper withBorder p="sm" radius="md" ml={other ? 'xl' : 0} mr={other ? 0 : 'xl'} bg={other ? 'var(--mantine-primary-color-light)' : undefined}>
      <Group justify="space-between" gap="xs" mb={4}><Text size="sm" fw={600}>{who}</Text><Text span size="xs"><When time={at} /></Text></Group>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Text>
    </Paper>
  );
}
