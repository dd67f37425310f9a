// One alarm: what it is, who has it, what one can do about it, what was done.
import { Anchor, Badge, Button, Group, Menu, Stack, Text, Textarea, Timeline, Title, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown, IconHandGrab, IconMap2, IconMessage, IconX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { isOpen, isUnseen, type Alarm } from '@/live';
import { severityOf, toneOfSeverity, useWhat } from '@/live/attention';
import { Ago, When } from '@/parts/time';
import { resolutions, usePast, type Act, type useAct } from './data';
import { words } from './words';

interface Props {
  alarm: Alarm;
  act: ReturnType<typeof useAct>;
  name: (id: string | undefined) => string;
  onChoose: (id: string) => void;
}

export function Card({ alarm: a, act, name, onChoose }: Props) {
  const t = useT(words), what = useWhat();
  const can = useCan();
  const me = useMe().user;
  const [note, setNote] = useState('');
  const past = usePast(a.device, a.id);
  const severity = severityOf(a), open = isOpen(a);
  const who = (id: string | undefined) => (id === me.id ? me.name : name(id) || t('somebody'));
  // While a colleague has it nobody else touches it; who administers may release it.
  const others = Boolean(a.assignee) && a.assignee !== me.id;
  const mayTouch = !others || me.role === 'companyAdmin';
  const mayHandle = can('alarm.update') && open, mayAck = can('acknowledgement.update') && open && isUnseen(a) && mayTouch;
  const send = (does: Act) => act.mutate({ ...does, note }, { onSuccess: () => setNote('') });
  const busy = (does: Act['do']) => act.isPending && act.variables?.do === does;
  return (
    <section className="desk-card" aria-label={what(a, name(a.fence))}>
      <Stack p="md" gap="md">
        <div>
          <Group gap={6} mb={6}>
            <Badge color={toneOfSeverity[severity]} variant="filled" tt="none" autoContrast>{t(severity)}</Badge>
            <Badge color="gray" variant="light" tt="none" c="var(--mantine-color-text)" role="status">{t(a.state as 'closed')}</Badge>
            {a.late && <Badge color="yellow" variant="light" tt="none" c="var(--mantine-color-text)">{t('late')}</Badge>}
          </Group>
          <Title order={2} size="h3">{what(a, name(a.fence))}</Title>
          <Anchor component={Link} to={`/devices/${a.device}` as string} fw={600}>{name(a.device) || a.device}</Anchor>
        </div>
        <dl className="desk-facts">
          {name(a.owner) && <><dt>{t('customer')}</dt><dd>{name(a.owner)}</dd></>}
          <dt>{t('opened')}</dt><dd><When time={a.opened} /></dd>
          {a.count > 1 && <><dt>{t('last')}</dt><dd><When time={a.last} /> · {t('times', { n: a.count })}</dd></>}
          {a.cleared && <><dt>{t('cleared')}</dt><dd><When time={a.cleared} /></dd></>}
          {open && <><dt>{t('assignee')}</dt><dd>{a.assignee ? who(a.assignee) : t('nobody')}</dd></>}
          {a.resolution && <><dt>{t('resolution')}</dt><dd>{t(a.resolution)}</dd></>}
        </dl>
        {(mayHandle || mayAck) && (
          <Stack gap="xs">
            <Group gap="xs" grow preventGrowOverflow={false}>
              {mayHandle && !a.assignee && <Button leftSection={<IconHandGrab size={17} />} variant={isUnseen(a) ? 'filled' : 'light'} loading={busy('take')} onClick={() => send({ do: 'take' })}>{t('take')}</Button>}
              {mayHandle && a.assignee && mayTouch && <Button variant="default" loading={busy('release')} onClick={() => send({ do: 'release' })}>{t('release')}</Button>}
              {mayAck && <Button leftSection={<IconCheck size={17} />} variant={a.assignee ? 'filled' : 'light'} loading={busy('acknowledge')} onClick={() => send({ do: 'acknowledge' })}>{t('ack')}</Button>}
            </Group>
            {can('alarm.update') && <Textarea label={t('note')} description={t('noteHint')} autosize minRows={2} maxRows={8} maxLength={2000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />}
            {!can('alarm.update') && mayAck && <Textarea label={t('note')} autosize minRows={2} maxLength={2000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />}
            {mayHandle && (
              <Group gap="xs">
                <Button variant="default" size="xs" leftSection={<IconMessage size={15} />} disabled={!note.trim()} loading={busy('comments')} onClick={() => send({ do: 'comments' })}>{t('comment')}</Button>
                {mayTouch && (
                  <>
                    <Button variant="default" size="xs" ml="auto" onClick={() => send({ do: 'close', resolution: 'false_alarm' })}>{t('falseAlarm')}</Button>
                    <Menu position="bottom-end">
                      <Menu.Target><Button color="gray" size="xs" variant="filled" leftSection={<IconX size={15} />} rightSection={<IconChevronDown size={14} />} loading={busy('close')}>{t('closeIt')}</Button></Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Label>{t('resolution')}</Menu.Label>
                        {resolutions.map((r) => <Menu.Item key={r} onClick={() => send({ do: 'close', resolution: r })}>{t(r)}</Menu.Item>)}
                      </Menu.Dropdown>
                    </Menu>
                  </>
                )}
              </Group>
            )}
          </Stack>
        )}
        {can('alarm.update') && !open && (
          <Stack gap="xs">
            <Textarea label={t('note')} autosize minRows={2} maxLength={2000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
            <Group justify="flex-end"><Button variant="default" size="xs" leftSection={<IconMessage size={15} />} disabled={!note.trim()} loading={busy('comments')} onClick={() => send({ do: 'comments' })}>{t('comment')}</Button></Group>
          </Stack>
        )}
        <section>
          <Title order={3} size="h5" mb="xs">{t('log')}</Title>
          {!a.log.length ? <Text size="sm" c="dimmed">{t('noLog')}</Text> : (
            <Timeline bulletSize={12} lineWidth={2} active={a.log.length}>
              {[...a.log].reverse().map((l, i) => (
                <Timeline.Item key={i} title={<Text size="sm" fw={550}>{t(`did_${l.did}`, { who: who(l.by) })}</Text>}>
                  {l.note && <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{l.note}</Text>}
                  <Text size="xs" c="dimmed" component="div"><When time={l.at} /></Text>
                </Timeline.Item>
              ))}
            </Timeline>
          )}
        </section>
        <section>
          <Title order={3} size="h5" mb={4}>{t('past')}</Title>
          {past?.length === 0 && <Text size="sm" c="dimmed">{t('noPast')}</Text>}
          {past?.map((p) => (
            <UnstyledButton key={p.id} onClick={() => onChoose(p.id)} py={4} w="100%" style={{ display: 'flex', gap: 8 }}>
              <Text size="sm" truncate style={{ flex: 1 }}>{what(p, name(p.fence))}{p.resolution && <Text span c="dimmed"> · {t(p.resolution)}</Text>}</Text>
              <Text span c="dimmed"><Ago time={p.opened} /></Text>
            </UnstyledButton>
          ))}
        </section>
        {can('stream.read') && <Button component={Link} to={`/map?device=${a.device}` as string} variant="subtle" size="xs" leftSection={<IconMap2 size={16} />}>{t('liveMap')}</Button>}
      </Stack>
    </section>
  );
}
