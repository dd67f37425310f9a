// The week of the control room: who works when, who is on now, and in red when
// nobody is.
import { ActionIcon, Alert, Avatar, Badge, Button, Center, Group, Loader, Paper, ScrollArea, Stack, Text, Title, Tooltip } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconChevronLeft, IconChevronRight, IconCopy, IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { imageOf } from '@/parts/ImagePicker';
import { useNow } from '@/parts/useNow';
import { ShiftDialog } from '../users/tabs/ShiftDialog';
import { CopyWeek } from './CopyWeek';
import { dayOf, gapsIn, moment, onAt, plus, spansOf, weekOf } from './cover';
import { Week } from './Week';
import { words } from './words';
import './shifts.css';

const all = { params: { query: { limit: 1000 } } };

export function Shifts() {
  const t = useT(words);
  const { lang } = useLang();
  const me = useMe();
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const now = useNow();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const zone = me.company?.timezone ?? me.user.timezone;
  const days = weekOf(/^\d{4}-\d\d-\d\d$/.test(params.week ?? '') ? params.week! : dayOf(now, zone), lang === 'en' ? 0 : 1);
  const go = (day?: string) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, week: day }), replace: true } as never);
  const [editing, setEditing] = useState<Schemas['Shift'] | 'new'>();
  const [copying, setCopying] = useState(false);
  const shifts = useQuery({ queryKey: ['shifts', 'all'], queryFn: async () => (await http.GET('/api/v1/shifts', all)).data!.items });
  const calendars = useQuery({ queryKey: ['calendars', 'all'], queryFn: async () => (await http.GET('/api/v1/calendars', all)).data!.items }).data;
  const people = useQuery({ queryKey: ['users', 'staff', me.user.company], enabled: can('user.read'), queryFn: async () => (await http.GET('/api/v1/users', { params: { query: { owner: me.user.company, limit: 1000 } } })).data!.items }).data ?? [];
  const from = moment(days[0]!, 0, zone), to = moment(days[6]!, 1440, zone);
  const spans = useMemo(() => spansOf(shifts.data ?? [], calendars ?? [], from, to), [shifts.data, calendars, from, to]);
  const on = useMemo(() => spansOf(shifts.data ?? [], calendars ?? [], now - 1, now + 1), [shifts.data, calendars, now]);
  const gaps = gapsIn(spans, from, to);
  const shown = people.filter((u) => spans.some((s) => s.user === u.id));
  const changed = () => client.invalidateQueries({ queryKey: ['shifts'] });
  const pick = can('shift.update') ? (id: string) => setEditing(shifts.data?.find((s) => s.id === id)) : undefined;
  const span = `${day(days[0]!, lang)} – ${day(days[6]!, lang)}`;
  return (
    <Stack p="md" gap="md">
      <Group justify="space-between">
        <Title order={1} size="h2">{t('shifts')}</Title>
        <Group gap="xs">
          {can('shift.create') && <Button variant="default" leftSection={<IconCopy size={16} />} disabled={!spans.length} onClick={() => setCopying(true)}>{t('copyWeek')}</Button>}
          {can('shift.create') && <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>{t('newShift')}</Button>}
        </Group>
      </Group>
      <Paper withBorder p="sm" radius="md">
        <Group gap="md">
          <Text size="sm" fw={650}>{t('onNow')}</Text>
          {onAt(on, now).length === 0 && <Text size="sm" c="var(--bad)" fw={600}>{t('nobodyNow')}</Text>}
          {onAt(on, now).map((s) => { const u = people.find((p) => p.id === s.user); return u && <Group key={s.shift} gap={6} wrap="nowrap"><Avatar src={imageOf(u)} name={u.name} color="initials" size={26} radius="xl" alt="" /><Text size="sm">{u.name}</Text><Text size="xs" c="dimmed">{t('until', { time: new Date(s.to).toLocaleTimeString(lang, { timeZone: zone, timeStyle: 'short' }) })}</Text></Group>; })}
        </Group>
      </Paper>
      <Group gap="xs">
        <Tooltip label={t('before')}><ActionIcon variant="default" size={34} aria-label={t('before')} onClick={() => go(plus(days[0]!, -7))}><IconChevronLeft size={18} /></ActionIcon></Tooltip>
        <Tooltip label={t('after')}><ActionIcon variant="default" size={34} aria-label={t('after')} onClick={() => go(plus(days[0]!, 7))}><IconChevronRight size={18} /></ActionIcon></Tooltip>
        <Button variant="default" size="sm" onClick={() => go()}>{t('today')}</Button>
        <Text fw={600} aria-live="polite">{span}</Text>
        {shifts.data && <Badge variant="light" color={gaps.length ? 'red' : 'green'} tt="none" size="lg">{gaps.length ? t('gapsN', { n: gaps.length }) : t('whole')}</Badge>}
        <Text size="xs" c="dimmed" ml="auto">{t('times', { zone })}</Text>
      </Group>
      {shifts.isError && <Alert color="red" role="alert">{shifts.error.message}</Alert>}
      {shifts.isPending || !calendars ? <Center p="xl"><Loader aria-label={t('loading')} /></Center> : (
        <>
          <ScrollArea type="auto" offsetScrollbars="x" viewportProps={{ tabIndex: 0, 'aria-label': t('shifts') }}><Week days={days} zone={zone} people={shown} spans={spans} gaps={gaps} now={now} onPick={pick} /></ScrollArea>
          {!spans.length && <Center p="lg"><Stack align="center" gap={6} maw={440}><Title order={3} component="p" ta="center">{t('noShifts')}</Title><Text c="dimmed" ta="center">{t('noShiftsText')}</Text></Stack></Center>}
        </>
      )}
      {editing && <ShiftDialog people={people} shift={editing === 'new' ? undefined : editing} calendars={calendars ?? []} days={[days[0]!, days[6]!]} onClose={() => setEditing(undefined)} onSaved={changed} />}
      {copying && <CopyWeek week={days} shifts={shifts.data ?? []} onClose={() => setCopying(false)} onDone={changed} />}
    </Stack>
  );
}

const day = (d: string, lang: string) => new Date(`${d}T12:00:00Z`).toLocaleDateString(lang, { dateStyle: 'medium', timeZone: 'UTC' });
