// The live map: what is moving, what crossed what, what wants attention.
import { Alert, Button, CloseButton, Drawer, Group, Stack, Text, Title, useComputedColorScheme } from '@mantine/core';
import { useDisclosure, useHotkeys, useLocalStorage } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconList, IconPlugConnectedX } from '@tabler/icons-react';
import { Link, useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { http } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { useLink, useLive, useWant, useWorldVersion } from '@/live';
import type { Crowded } from '@/live/stream';
import { MapView, printMap, holds, project, type MapHandle } from '@/map';
import { Card } from './Card';
import { inState, listed, matcher, type Filter } from './filter';
import { Feed } from './Feed';
import { Filters } from './Filters';
import { useGreatList } from './great';
import { List } from './List';
import { usePlaces } from './places';
import { Scene } from './scene';
import { Toolbar, Zoom, type Shown } from './Toolbar';
import { words } from './words';
import './map.css';

export function LiveMap() {
  const t = useT(words);
  const me = useMe();
  const router = useRouter();
  const can = useCan();
  const live = useLive();
  const [sight, setSight] = useState<Pick<Crowded, 'bbox' | 'zoom'>>();
  const version = useWorldVersion();
  const { down, loaded } = useLink();
  const isDark = useComputedColorScheme('light') === 'dark';
  const params = useSearch({ strict: false }) as Filter & { device?: string; bbox?: string; layers?: string };
  const begin = useRef(params.bbox?.split('_').map(Number)); // a saved view says which part of the world
  const navigate = useNavigate();
  const set = useCallback((change: Record<string, string | undefined>) =>
    navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never), [navigate]);
  // Of a great fleet one is told what the map shows; of a small one all.
  useWant(sight ? { ...sight, ...(params.customer && { owner: params.customer }), ...((params.state === 'connected' || params.state === 'disconnected') && { state: params.state }) } : 'all');
  const filter: Filter = { search: params.search, state: params.state, customer: params.customer, tag: params.tag };
  const mine = useMemo(() => filter, [params.search, params.state, params.customer, params.tag]); // eslint-disable-line react-hooks/exhaustive-deps
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the version stands for the devices
  const small = useMemo(() => listed(live.great ? [] : live.world.devices.values(), mine), [version, mine, live, loaded]);
  const list = useGreatList(mine, version) ?? small, { great } = live;
  const [shown, setShown] = useLocalStorage<Shown>({ key: 'map.shown', defaultValue: { group: true, fences: true, markers: true, trails: true }, getInitialValueInEffect: false });
  // … and what it shows, until something else is ticked.
  const seen = useMemo(() => (params.layers ? { ...shown, fences: params.layers.includes('geofences'), markers: params.layers.includes('markers') } : shown), [shown, params.layers]);
  const [drawer, { open, close }] = useDisclosure();
  const [follow, setFollow] = useState('');
  const [trail, setTrail] = useState('');
  const [feed, setFeed] = useLocalStorage({ key: 'map.feed', defaultValue: true, getInitialValueInEffect: false });
  const [locating, setLocating] = useState(false);
  const [measuring, setMeasuring] = useState(false);
  const { areas, markers } = usePlaces(params.customer);
  const scene = useRef<Scene>(undefined);
  const [stands, setStands] = useState<Scene>();
  const selected = params.device ?? '';
  const dev = selected ? live.world.devices.get(selected) : undefined;

  const choose = useRef((_id: string) => {});
  choose.current = (id) => {
    if (id !== selected) { setFollow(''); setTrail(''); scene.current?.clearLong(); }
    set({ device: id && id !== selected ? id : undefined });
  };
  const ready = useCallback((handle: MapHandle) => {
    const s = new Scene(handle, live.world, document.documentElement.dataset.mantineColorScheme === 'dark', {
      device: (id) => choose.current(id), fence: () => {}, nothing: () => choose.current(''), moved: () => setFollow(''), sight: (bbox, exact) => setSight((old) => {
        const zoom = Math.floor(exact * 2) / 2; // crowds change at half steps
        return old && old.zoom === zoom && holds(old.bbox, bbox) ? old : { bbox, zoom };
      }),
    });
    const [w, south, e, north] = begin.current ?? [];
    if ([w, south, e, north].every(Number.isFinite)) s.begin([w!, south!, e!, north!]);
    scene.current = s;
    setStands(s);
    return () => { s.close(); scene.current = undefined; };
  }, [live]);

  useEffect(() => { stands?.colour(isDark); }, [stands, isDark]);
  useEffect(() => { stands?.setPlaces(areas, markers); }, [stands, areas, markers]);
  useEffect(() => { stands?.select(selected, false); }, [stands, selected]);
  useEffect(() => { stands?.measure(measuring); }, [stands, measuring]);
  useEffect(() => {
    if (!stands) return;
    const match = matcher(mine), state = inState(mine);
    stands.filter = great ? () => true : (d) => match(d) && state(d); // of a great fleet the server chooses
    stands.devices.group = seen.group;
    Object.assign(stands, { showFences: seen.fences, showMarkers: seen.markers, showTrails: seen.trails, follow });
    stands.update();
  }, [stands, mine, seen, follow, great]);
  // From the address: somebody sent a link to a device.
  const jumped = useRef(false);
  useEffect(() => {
    if (jumped.current || !stands || !dev?.placed) return;
    jumped.current = true;
    stands.select(dev.id, true);
  }, [stands, dev, version]);

  const pick = (id: string) => {
    close();
    jumped.current = true;
    if (id !== selected) stands?.select(id, true);
    choose.current(id);
  };
  const clearFilters = () => set({ search: undefined, state: undefined, tag: undefined });
  const clear = () => {
    setMeasuring(false);
    setFollow('');
    setTrail('');
    if (stands) {
      stands.clearLong();
      stands.me.at = undefined;
      stands.fences.selected = '';
      for (const d of live.world.devices.values()) d.trail = d.trail.slice(-1);
      stands.update();
    }
    set({ device: undefined, search: undefined, state: undefined, tag: undefined });
    requestAnimationFrame(() => stands?.fit());
  };
  const showTrail = async () => {
    if (trail === selected) { setTrail(''); stands?.clearLong(); return; }
    const { data } = await http.GET('/api/v1/devices/{id}/positions', { params: { path: { id: selected }, query: { from: new Date(Date.now() - 12 * 3600e3).toISOString(), limit: 10000 } } });
    const points = (data!.items ?? []).filter((p) => !p.verdict).map((p) => project(p.lon, p.lat));
    if (points.length < 2) { notifications.show({ message: t('trailNone') }); return; }
    setTrail(selected);
    stands?.setLong(selected, points);
  };
  const locate = () => {
    setLocating(true);
    const fail = (code?: number) => {
      setLocating(false);
      const denied = code === 1;
      notifications.show({ color: 'orange', title: denied ? t('meDenied') : t('meUnknown'), message: denied ? t('meDeniedHow') : '', autoClose: 8000 });
    };
    if (!navigator.geolocation) { fail(1); return; }
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      setLocating(false);
      if (!stands) return;
      stands.me.at = { lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy };
      const [x, y] = project(coords.longitude, coords.latitude);
      stands.centre({ x, y }, 14);
      stands.update();
    }, (err) => fail(err.code), { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 });
  };
  useHotkeys([
    ['Escape', () => { if (measuring) setMeasuring(false); else if (selected) choose.current(''); }],
    ['0', () => stands?.fit()],
    ['g', () => setShown((s) => ({ ...s, group: !s.group }))],
    ['f', () => document.querySelector<HTMLInputElement>('.live-side input')?.focus()],
  ]);

  const customer = params.customer ?? me.user.customer;
  const panel = customer ? `/customers/${customer}` : dev?.record?.customer ? `/customers/${dev.record.customer}` : isStaff(me) && can('customer.read') ? '/customers' : undefined;
  const none = loaded && list.all === 0 && !mine.search && !mine.tag;
  const empty = great ? <Text c="dimmed" size="sm" ta="center" p="lg">{t('greatHint', { n: list.all })}</Text> : (
    <Stack align="center" gap="xs" p="lg">
      <Title order={2} size="h4" ta="center">{t('noneTitle')}</Title>
      <Text c="dimmed" ta="center" size="sm">{can('device.create') ? t('noneText') : t('noneYours')}</Text>
      {can('device.create') && <Button component={Link} to={'/devices/connect' as string} mt={4}>{t('connect')}</Button>}
    </Stack>
  );
  const side = (
    <List rows={list.rows} all={list.all} search={params.search ?? ''} selected={selected} filtered={Boolean(mine.search || mine.state || mine.tag) && list.all + Number(Boolean(mine.search || mine.tag)) > 0}
      onSearch={(search) => set({ search: search || undefined })} onClear={clearFilters} onPick={pick} empty={empty}
      filters={<Filters customer={params.customer} tag={params.tag} onChange={set} />} />
  );
  return (
    <div className="live">
      <h1 className="hush">{t('title')}</h1>
      <aside className="live-side" aria-label={t('devices')}>{side}</aside>
      <Drawer opened={drawer} onClose={close} attributes={{ content: { 'aria-label': t('devices') } }} size="88%" padding={0} withCloseButton={false} hiddenFrom="sm" styles={{ body: { height: '100%', display: 'flex', flexDirection: 'column' } }}>
        <Group justify="flex-end" px="xs" pt="xs" mb={-14}><CloseButton aria-label={t('close')} onClick={close} /></Group>
        <div style={{ flex: 1, minHeight: 0 }}>{side}</div>
      </Drawer>
      <div className="live-main">
        <MapView label={t('mapOf', { n: list.rows.length })} onReady={ready}>
          {down >= 5 && (
            <Alert className="map-down" color="red" variant="filled" radius={0} py={8} role="alert" icon={<IconPlugConnectedX size={18} />}>
              <Group justify="space-between" wrap="nowrap">{t('down', { n: down })}<Button size="compact-sm" variant="white" color="red" onClick={live.retry}>{t('tryNow')}</Button></Group>
            </Alert>
          )}
          <Toolbar panel={panel} state={params.state} connected={list.connected} disconnected={list.disconnected} shown={seen} locating={locating}
            share={can('shareLink.create') && '/shares' in router.routesByPath ? `/shares?new=1${customer ? `&customer=${customer}` : ''}` : undefined}
            routes={can('position.read') ? `/playback${selected ? `?device=${selected}` : customer ? `?customer=${customer}` : ''}` : undefined}
            measuring={measuring} onMeasure={() => setMeasuring(!measuring)} onPrint={() => stands && printMap(stands.handle, `${t('title')} · ${new Date().toLocaleString(document.documentElement.lang || undefined)}`)}
            onState={(state) => set({ state })} onShown={(change) => { setShown({ ...seen, ...change }); if (params.layers) set({ layers: undefined }); }} onMe={locate} onClear={clear} feed={feed} onFeed={can('event.read') ? () => setFeed(!feed) : undefined} />
          <Button className="map-open" hiddenFrom="sm" radius="xl" variant="default" leftSection={<IconList size={18} />} onClick={open}>{t('devices')} · {list.rows.length}</Button>
          <Zoom onZoom={(by) => stands?.handle.map.easeTo({ zoom: stands.handle.map.getZoom() + by, duration: 250 })} onFit={() => stands?.fit()}
            onPlace={({ lon, lat }) => { const [x, y] = project(lon, lat); stands?.centre({ x, y }, 12); }} />
          {dev && <Card key={dev.id} dev={dev} areas={areas} following={follow === dev.id} trail={trail === dev.id} onClose={() => choose.current('')}
            onFollow={() => { setFollow(follow === dev.id ? '' : dev.id); if (follow !== dev.id && dev.placed) stands?.centre(dev, 14); }}
            onTrail={showTrail} onFence={(id) => { const a = areas.find((f) => f.id === id); if (a) stands?.centre({ x: (a.box[0] + a.box[2]) / 2, y: (a.box[1] + a.box[3]) / 2 }); }} />}
          {none && <div className="map-note"><Alert variant="white" radius="md" style={{ boxShadow: 'var(--mantine-shadow-md)' }} hiddenFrom="sm">{empty}</Alert></div>}
          <div className="map-legend" aria-hidden="true">
            {(['moving', 'stopped', 'silent', 'alarm'] as const).map((s) => <span key={s}><i className="map-dot" data-state={s} />{t(s)}</span>)}
          </div>
        </MapView>
      </div>
      {feed && can('event.read') && <aside className="live-feed" aria-label={t('feed')}><Feed areas={areas} shows={stands?.filter} onPick={pick} /></aside>}
    </div>
  );
}
