// What there is to know of one device, on the map.
import { ActionIcon, Badge, Button, CloseButton, Divider, Group, Paper, Stack, Text } from '@mantine/core';
import { IconFocusCentered, IconLayoutDashboard, IconRoute } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, http } from '@/api/client';
import { useCan } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { useLive, useWorldVersion, type Dev } from '@/live';
import { toneOf, useNear, useTell } from '@/live/tell';
import { within, type Area } from '@/map';
import { Ago } from '@/parts/time';
import { describe } from './List';
import { words } from './words';

interface Props {
  dev: Dev;
  areas: readonly Area[];
  following: boolean;
  trail: boolean;
  onFollow: () => void;
  onTrail: () => void;
  onFence: (id: string) => void;
  onClose: () => void;
}

export function Card({ dev, areas, following, trail, onFollow, onTrail, onFence, onClose }: Props) {
  const t = useT(words);
  const { lang } = useLang();
  const can = useCan();
  const { world } = useLive();
  useWorldVersion();
  const p = dev.position;
  const owner = api.useQuery('get', '/api/v1/customers/{id}', { params: { path: { id: dev.record?.customer ?? '' } } }, { enabled: Boolean(dev.record?.customer) && can('customer.read'), staleTime: 300_000 });
  // What a device tells beside its place is in its history, not in the stream.
  const full = useQuery({
    queryKey: ['device-last', dev.id], enabled: can('position.read') && Boolean(p), refetchInterval: 60_000,
    queryFn: async () => (await http.GET('/api/v1/devices/{id}/positions', { params: { path: { id: dev.id }, query: { from: new Date(Date.parse(p!.time) - 3600e3).toISOString(), to: new Date(Date.parse(p!.time) + 1000).toISOString(), limit: 1000 } } })).data!.items ?? [],
    select: (list) => list.at(-1),
  });
  const past = useQuery({
    queryKey: ['events', { device: dev.id, limit: 5 }, dev.lastEvent], enabled: can('event.read'), placeholderData: (old) => old,
    queryFn: async () => (await http.GET('/api/v1/events', { params: { query: { device: dev.id, limit: 5 } } })).data!.items ?? [],
  });
  const battery = readBattery(full.data?.attributes);
  const inside = dev.placed ? areas.filter((a) => within(a, [dev.x, dev.y]) && concerns(a, dev)) : [];
  const entered = (fence: string) => (past.data ?? []).concat(world.events).find((e) => e.device === dev.id && e.fence === fence && e.kind === 'enter' && !e.retracted)?.time;
  const fenceName = (id?: string) => areas.find((a) => a.id === id)?.name ?? t('geofence').toLowerCase();
  const say = useTell(), where = useNear();
  // Asked anew as it moves some hundred metres.
  const grid = (v: number) => Math.round(v * 500) / 500;
  const place = useQuery({
    queryKey: ['place', p && grid(p.lat), p && grid(p.lon)], enabled: Boolean(p), staleTime: 3600_000, placeholderData: (old) => old,
    queryFn: async () => (await http.GET('/api/v1/places/near', { params: { query: { lat: p!.lat, lon: p!.lon } } })).data!,
  });

  return (
    <Paper className="map-card" shadow="md" withBorder radius="md" p="md" role="region" aria-label={dev.name}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
          <div style={{ minWidth: 0 }}>
            <Group gap={8} wrap="nowrap"><span className="map-dot" data-state={dev.state} data-pulses={dev.pulses || undefined} /><Text fw={680} truncate>{dev.name}</Text></Group>
            <Text size="sm" c="dimmed" truncate>{describe(dev, t)}</Text>
          </div>
          <CloseButton aria-label={t('close')} onClick={onClose} />
        </Group>
        {dev.alarm && <Badge color="red" variant="light" size="lg" radius="sm" fullWidth styles={{ root: { textTransform: 'none' } }}>{say(dev.alarm, fenceName(dev.alarm.fence))}</Badge>}
        <dl className="map-facts">
          <Fact name={t('lastFix')}><Ago time={p?.time} /></Fact>
          {p && <>
            <Fact name={t('speed')}>{p.speed === undefined ? '–' : `${Math.round(p.speed)} km/h`}</Fact>
            {p.course !== undefined && <Fact name={t('course')}>{Math.round(p.course)}° {wind(p.course, lang)}</Fact>}
            <Fact name={t('place')}>{place.data && (place.data.address || place.data.near) && <div>{place.data.address || where(place.data.near!)}</div>}<span className="tabular">{p.lat.toFixed(5)}, {p.lon.toFixed(5)}</span></Fact>
          </>}
          {inside.length > 0 && <Fact name={t('inFences')}>
            {inside.slice(0, 4).map((a) => {
              const since = entered(a.id);
              return <div key={a.id} className="map-in"><Button variant="transparent" size="compact-sm" p={0} h="auto" fw={600} onClick={() => onFence(a.id)}>{a.name}</Button>{since && <Text span size="sm" c="dimmed">{t('since', { time: new Date(since).toLocaleTimeString(lang, { timeStyle: 'short' }) })}</Text>}</div>;
            })}
          </Fact>}
          <Fact name={t('owner')}>{dev.record?.customer ? owner.data?.name ?? '…' : t('stock')}</Fact>
          {battery && <Fact name={t('battery')}>{battery}</Fact>}
          {p?.ignition !== undefined && <Fact name={t('ignition')}>{p.ignition ? t('on') : t('off')}</Fact>}
        </dl>
        <Group gap={6} grow preventGrowOverflow={false} wrap="nowrap">
          <Button component={Link} to={`/devices/${dev.id}` as string} size="compact-sm" h={32} variant="default" leftSection={<IconLayoutDashboard size={16} />}>{t('panel')}</Button>
          <Button size="compact-sm" h={32} variant={following ? 'filled' : 'default'} aria-pressed={following} leftSection={<IconFocusCentered size={16} />} onClick={onFollow}>{t('follow')}</Button>
          <ActionIcon size={32} style={{ flex: '0 0 32px' }} variant={trail ? 'filled' : 'default'} aria-pressed={trail} aria-label={t('trail')} title={t('trail')} onClick={onTrail}><IconRoute size={17} /></ActionIcon>
        </Group>
        {can('event.read') && <>
          <Divider />
          <div>
            <Text size="xs" fw={650} c="dimmed" mb={4}>{t('lastEvents')}</Text>
            {past.data?.length === 0 && <Text size="sm" c="dimmed">{t('noEvents')}</Text>}
            <Stack gap={3} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
              {past.data?.map((e) => (
                <Group key={e.id} component="li" justify="space-between" wrap="nowrap" gap="xs">
                  <Group gap={7} wrap="nowrap" miw={0}><Badge circle size="8px" color={toneOf(e.kind)} /><Text size="sm" truncate td={e.retracted ? 'line-through' : undefined}>{say(e, fenceName(e.fence))}</Text></Group>
                  <Text size="xs" c="dimmed" className="tabular" style={{ whiteSpace: 'nowrap' }}>{new Date(e.time).toLocaleTimeString(lang, { timeStyle: 'short' })}</Text>
                </Group>
              ))}
            </Stack>
          </div>
        </>}
      </Stack>
    </Paper>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => <><dt>{name}</dt><dd>{children}</dd></>;

/** The wind's name of a course: 270 is W, O in Spanish. */
export function wind(course: number, lang: string): string {
  const names = lang === 'en' ? 'N NE E SE S SW W NW' : lang === 'es' ? 'N NE E SE S SO O NO' : lang === 'pt' ? 'N NE L SE S SO O NO' : 'N NE E SE S SO O NO';
  return names.split(' ')[Math.round(course / 45) % 8]!;
}

/** Whether a fence's targets name a device; a fence without targets concerns all that its owner has. */
export function concerns(a: Area, d: Dev): boolean {
  const to = a.fence.targets;
  if (!to || to.all) return true;
  return Boolean(to.devices?.includes(d.id) || to.labels?.some((l) => d.record?.labels?.includes(l)));
}

function readBattery(attrs: Record<string, unknown> | undefined): string | undefined {
  if (!attrs) return undefined;
  for (const key of ['battery', 'batteryLevel', 'battery_level']) if (typeof attrs[key] === 'number') return `${Math.round(attrs[key])} %`;
  for (const key of ['batteryVoltage', 'battery_voltage', 'voltage']) if (typeof attrs[key] === 'number') return `${attrs[key]} V`;
  return undefined;
}
