// Where devices were: the route report beside the map, the timeline beneath.
// What is shown stands in the address: ?device=ID,ID&day=2026-11-21&until=…
import { Alert, Center, Loader, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useT } from '@/i18n';
import { Choice } from './Choice';
import { dayOf, MOST, spanOf, usePast } from './data';
import { OWN } from './layers';
import { PastMap } from './PastMap';
import { idleOf, Player } from './player';
import { Report } from './Report';
import { Timeline } from './Timeline';
import { words } from './words';
import './playback.css';

const isDay = (v: string | undefined): v is string => /^\d{4}-\d{2}-\d{2}$/.test(v ?? '') && !Number.isNaN(Date.parse(v!));

export function Playback() {
  const t = useT(words);
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const ids = useMemo(() => (params.device ?? '').split(',').filter(Boolean).slice(0, MOST), [params.device]);
  const day = isDay(params.day) ? params.day : dayOf(new Date()), until = isDay(params.until) ? params.until : undefined;
  // A day that is not over ends when it was opened.
  const span = useMemo(() => spanOf(day, until ?? day, Date.now()), [day, until]);
  const loaded = usePast(ids, span);
  const key = loaded.map((p) => [p.id, p.loading, p.track?.time.length, p.route?.legs.length, p.events.length, p.error?.message].join()).join(';');
  const past = useMemo(() => loaded, [key, span]); // eslint-disable-line react-hooks/exhaustive-deps -- the key stands for it
  const [player] = useState(() => new Player());
  const [selected, select] = useState('');
  const [look, setLook] = useState<{ lon: number; lat: number }>();
  const [tab, setTab] = useState<string | null>(null);

  useEffect(() => () => player.stop(), [player]);
  useEffect(() => {
    const there = past.flatMap((p) => (p.track?.time.length ? [p.track.time] : []));
    if (there.length) player.span(Math.min(...there.map((x) => x[0]!)), Math.max(...there.map((x) => x[x.length - 1]!)));
    player.idle = idleOf(past.filter((p) => p.route).map((p) => p.route!.legs.filter((l) => l.kind !== 'trip').map((l) => [Date.parse(l.from), Date.parse(l.to)] as const)));
  }, [past, player]);

  const pick = (id: string, at?: number, place?: { lon: number; lat: number }) => {
    select(id === selected && !place ? '' : id);
    if (at !== undefined) player.seek(at);
    if (place) setLook({ lon: place.lon, lat: place.lat });
    else if (at !== undefined) setLook(undefined);
  };
  /** On the map: the row that belongs to it is shown. */
  const picked = (id: string) => {
    const whose = past.find((p) => id.startsWith(`${p.id}:`) || p.events.some((e) => e.id === id));
    if (whose && past.length > 1) setTab(whose.id);
    const leg = whose && id.startsWith(`${whose.id}:leg:`) ? whose.route?.legs[Number(id.split(':')[2])] : undefined;
    const event = whose?.events.find((e) => e.id === id);
    pick(id, leg ? Date.parse(leg.from) : event ? Date.parse(event.time) : undefined);
    requestAnimationFrame(() => document.querySelector('.past-rows [data-chosen]')?.scrollIntoView({ block: 'nearest' }));
  };

  const many = Boolean(until), some = past.some((p) => p.track?.time.length);
  const open = ids.includes(tab ?? '') ? tab : ids[0] ?? null;
  const body = (id: string) => {
    const p = past.find((x) => x.id === id);
    if (!p || p.loading) return <Center p="xl"><Loader size="sm" aria-label={t('loading')} /></Center>;
    if (p.error) return <Alert m="md" color="red" role="alert">{p.error.message}</Alert>;
    return <Report past={p} span={span} many={many} selected={selected} onPick={pick} />;
  };
  return (
    <div className="past">
      <h1 className="hush">{t('title')}</h1>
      <aside className="past-side" aria-label={t('title')}>
        <Choice ids={ids} day={day} until={until} owner={params.customer} onChange={set} />
        <div className="past-lists">
          {!ids.length && (
            <Stack align="center" gap="xs" p="xl"><IconRoute size={34} opacity={0.5} aria-hidden /><Title order={2} size="h4" ta="center">{t('choose')}</Title><Text c="dimmed" size="sm" ta="center">{t('chooseHow')}</Text></Stack>
          )}
          {ids.length === 1 && body(ids[0]!)}
          {ids.length > 1 && (
            <Tabs value={open} onChange={setTab} keepMounted={false} variant="pills" p="xs">
              <Tabs.List aria-label={t('devices')}>
                {past.map((p, i) => <Tabs.Tab key={p.id} value={p.id} leftSection={<span className="past-own" style={{ background: OWN[i % OWN.length] }} />}>{p.route?.name ?? '…'}</Tabs.Tab>)}
              </Tabs.List>
              {ids.map((id) => <Tabs.Panel key={id} value={id}>{body(id)}</Tabs.Panel>)}
            </Tabs>
          )}
        </div>
      </aside>
      <div className="past-main-side">
        <div className="past-map"><PastMap past={past} player={player} selected={selected} look={look} fitFor={`${ids.join()} ${span.from}`} onPick={picked} /></div>
        {some && <Timeline player={player} past={past} />}
      </div>
    </div>
  );
}
