// What staff see first: who is online, what is open, what happened last.
import { Anchor, Badge, Button, Grid, Group, Paper, ScrollArea, SimpleGrid, Stack, Text, ThemeIcon, Title, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconBell, IconBuilding, IconCar, IconCheck, IconMap2, IconPolygon, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { http } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { isAlarm, isUnseen, useLink, useWant, useWorld, useWorldVersion, useLive } from '@/live';
import { eventWords, toneOf, useTell } from '@/live/tell';
import { Ago } from '@/parts/time';
import { words } from './words';
import './home.css';

export function StaffHome() {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  useWant('all');
  const counts = useWorld(countDevices);
  const [connected, disconnected, never, moving] = counts;
  const [critical, others, unseen] = useWorld(countAlarms);
  const { loaded } = useLink();
  const all = connected! + disconnected! + never!;
  const failed = useQuery({
    queryKey: ['deliveries', 'failed-day'], enabled: can('delivery.read'), refetchInterval: 60_000,
    queryFn: async () => {
      const { data } = await http.GET('/api/v1/deliveries', { params: { query: { states: ['failed'], limit: 200 } } });
      const since = Date.now() - 86400e3;
      return (data!.items ?? []).filter((d) => Date.parse(d.created) > since).length;
    },
  });
  const system = useQuery({ queryKey: ['system'], enabled: can('system.read'), refetchInterval: 15_000, queryFn: async () => (await http.GET('/api/v1/system')).data! });
  const n = (v: number) => (loaded ? v : '–');
  return (
    <ScrollArea h="100%" type="auto">
      <Stack p={{ base: 'md', sm: 'lg' }} gap="lg" maw={1280} mx="auto">
        <Group justify="space-between" align="center">
          <Title order={1} size="h2">{t('hello', { name: me.user.firstName || me.user.name })}</Title>
          {can('stream.read') && <Button component={Link} to={'/map' as string} leftSection={<IconMap2 size={18} />}>{t('openMap')}</Button>}
        </Group>
        <SetUp devices={loaded ? all : undefined} />
        <SimpleGrid cols={{ base: 2, sm: 3, lg: can('delivery.read') ? 5 : 4 }} spacing="md">
          <Tile to="/map?state=connected" name={t('connected')} value={n(connected!)} more={t('moving', { n: moving! })} tone="green" />
          <Tile to="/map?state=disconnected" name={t('disconnected')} value={n(disconnected!)} more={t('ofAll', { n: all })} tone="gray" />
          <Tile to="/devices" name={t('never')} value={n(never!)} more={t('ofAll', { n: all })} tone="gray" />
          {can('alarm.read') && <Tile to="/alarms" name={t('openAlarms')} value={n(critical! + others!)} tone={critical ? 'red' : others ? 'orange' : 'green'}
            more={critical! + others! ? <>{t('critical')} <b>{critical}</b> · {t('others')} <b>{others}</b>{unseen! > 0 && <><br />{t('unseen', { n: unseen! })}</>}</> : t('calm')} />}
          {can('delivery.read') && <Tile to="/deliveries?states=failed" name={t('undelivered')} value={failed.data ?? '–'} tone={failed.data ? 'orange' : 'green'} more={system.data?.outbox ? t('outbox', { n: system.data.outbox }) : t('lastDay')} />}
        </SimpleGrid>
        <Recent />
      </Stack>
    </ScrollArea>
  );
}

const countDevices = (w: import('@/live').World) => {
  if (w.great && w.total) return [w.total.n - w.total.silent, w.total.silent, 0, w.total.moving];
  let connected = 0, disconnected = 0, never = 0, moving = 0;
  for (const d of w.devices.values()) {
    if (!d.record) continue;
    if (!d.heard) never++;
    else if (d.connected) connected++;
    else disconnected++;
    if (d.connected && (d.position?.speed ?? 0) >= 3) moving++;
  }
  return [connected, disconnected, never, moving];
};
const countAlarms = (w: import('@/live').World) => {
  let critical = 0, others = 0, unseen = 0;
  for (const a of w.alarms.values()) {
    if (isAlarm(a)) critical++;
    else others++;
    if (isUnseen(a)) unseen++;
  }
  return [critical, others, unseen];
};

function Tile({ to, name, value, more, tone }: { to: string; name: string; value: ReactNode; more: ReactNode; tone: string }) {
  return (
    <Paper component={Link} to={to} withBorder radius="md" p="md" className="home-tile" style={{ '--tone': `var(--mantine-color-${tone}-6)` } as React.CSSProperties}>
      <Text size="sm" c="dimmed" fw={550}>{name}</Text>
      <Text className="home-number tabular">{value}</Text>
      <Text size="xs" c="dimmed" component="div">{more}</Text>
    </Paper>
  );
}

/** The last events, as they come. */
function Recent() {
  const t = useT(words), tw = useT(eventWords), say = useTell();
  const can = useCan();
  const { world } = useLive();
  useWorldVersion();
  const fences = useQuery({ queryKey: ['fences', 'names'], enabled: can('fence.read'), staleTime: 60_000, queryFn: async () => (await http.GET('/api/v1/fences', { params: { query: { limit: 1000 } } })).data!.items ?? [] });
  if (!can('event.read')) return null;
  const rows = world.events.slice(0, 12);
  return (
    <Paper withBorder radius="md">
      <Group justify="space-between" px="md" pt="sm" pb={6}><Title order={2} size="h5">{t('recent')}</Title><Anchor component={Link} to={'/events' as string} size="sm">{t('allEvents')}</Anchor></Group>
      {!rows.length && <Text px="md" pb="md" c="dimmed" size="sm">{t('nothingYet')}</Text>}
      {rows.map((e) => (
        <UnstyledButton component={Link} to={`/map?device=${e.device}` as string} key={e.id} className="home-event">
          <Badge circle size="9px" color={toneOf(e.kind)} />
          <Text size="sm" truncate><b>{world.devices.get(e.device)?.name ?? t('device')}</b> {say(e, fences.data?.find((f) => f.id === e.fence)?.name ?? tw('aFence'))}</Text>
          <Text span c="dimmed" ml="auto" style={{ whiteSpace: 'nowrap' }}><Ago time={e.time} /></Text>
        </UnstyledButton>
      ))}
    </Paper>
  );
}

/** What is missing until it watches; gone once all is there. */
function SetUp({ devices }: { devices?: number }) {
  const t = useT(words);
  const can = useCan();
  const { lang } = useLang();
  const some = useQuery({
    queryKey: ['setup', lang], enabled: can('device.create'), staleTime: 30_000,
    queryFn: async () => {
      const one = { params: { query: { limit: 1 } } } as const;
      const [c, f, n, m] = await Promise.all([
        can('customer.read') ? http.GET('/api/v1/customers', one) : undefined, can('fence.read') ? http.GET('/api/v1/fences', one) : undefined,
        can('notification.read') ? http.GET('/api/v1/notifications', one) : undefined,
        can('company.update') ? http.GET('/api/v1/map') : undefined,
      ]);
      return { customer: !c || Boolean(c.data!.items?.length), fence: !f || Boolean(f.data!.items?.length), notice: !n || Boolean(n.data!.items?.length), map: !m || !m.data!.company || m.data!.chosen };
    },
  });
  if (!some.data || devices === undefined) return null;
  const steps: [Icon, string, string, string, boolean][] = [
    [IconBuilding, t('stepCustomer'), t('stepCustomerText'), '/customers?new=1', some.data.customer],
    [IconCar, t('stepDevice'), t('stepDeviceText'), '/devices/connect', devices > 0],
    [IconPolygon, t('stepFence'), t('stepFenceText'), '/geofences', some.data.fence],
    [IconBell, t('stepNotice'), t('stepNoticeText'), '/rules', some.data.notice],
    [IconMap2, t('stepMap'), t('stepMapText'), '/settings/maps', some.data.map],
  ];
  if (steps.every(([, , , , done]) => done)) return null;
  return (
    <Paper withBorder radius="md" p="md">
      <Title order={2} size="h5">{t('setup')}</Title>
      <Text size="sm" c="dimmed" mb="sm">{t('setupText')}</Text>
      <Grid gap="sm">
        {steps.map(([Sign, title, text, to, done]) => (
          <Grid.Col key={to} span={{ base: 12, sm: 6, lg: 12 / steps.length }}>
            <UnstyledButton component={Link} to={to as string} className="home-step" data-done={done || undefined}>
              <ThemeIcon variant="light" color={done ? 'green' : undefined} size={38} radius="xl">{done ? <IconCheck size={20} /> : <Sign size={20} />}</ThemeIcon>
              <span><Text span display="block" fw={600} size="sm" lh={1.3} td={done ? 'line-through' : undefined}>{title}</Text><Text span display="block" size="xs" c="dimmed" lh={1.35} mt={2}>{done ? t('done') : text}</Text></span>
            </UnstyledButton>
          </Grid.Col>
        ))}
      </Grid>
    </Paper>
  );
}
