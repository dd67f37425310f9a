// The map of a playback. React gives it what there is; the player moves the
// devices without a component being rendered.
import { useComputedColorScheme } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Schemas } from '@/api/client';
import { useT } from '@/i18n';
import { span, toneOf } from '@/live/tell';
import { areaOf, FenceLayer, GridLayer, MapView, palette, project, unproject, type MapHandle } from '@/map';
import type { Past } from './data';
import { SPEEDS, StopsLayer, ThenLayer, TracksLayer, type Mark, type Stop } from './layers';
import { legId } from './Legs';
import type { Player } from './player';
import { STEPS } from './track';
import { words } from './words';

interface Props {
  past: Past[];
  player: Player;
  selected: string;
  /** What is looked at, when something was picked in the list. */
  look?: { lon: number; lat: number };
  /** Fits anew when it changes. */
  fitFor: string;
  onPick: (id: string) => void;
  children?: ReactNode;
}

function make(handle: MapHandle) {
  const c = palette(document.documentElement.dataset.mantineColorScheme === 'dark');
  const s = { handle, grid: new GridLayer(c), fences: new FenceLayer(c), tracks: new TracksLayer(c), stops: new StopsLayer(c), then: new ThenLayer(c) };
  handle.overlay.add('rest', s.grid, s.fences, s.tracks, s.stops);
  handle.overlay.add('move', s.then);
  return s;
}

export function PastMap({ past, player, selected, look, fitFor, onPick, children }: Props) {
  const t = useT(words);
  const isDark = useComputedColorScheme('light') === 'dark';
  const [scene, setScene] = useState<ReturnType<typeof make>>();
  const pick = useRef(onPick);
  pick.current = onPick;
  const ready = useCallback((handle: MapHandle) => {
    const s = make(handle);
    handle.map.on('click', (e) => pick.current(handle.overlay.hit(e.point.x, e.point.y)?.id ?? ''));
    handle.map.on('mousemove', (e) => { handle.map.getCanvas().style.cursor = s.stops.hit(e.point.x, e.point.y, handle.overlay.camera) ? 'pointer' : ''; });
    setScene(s);
    return () => setScene(undefined);
  }, []);

  const drawn = useMemo(() => {
    const stops: Stop[] = [], marks: Mark[] = [], fences = new Map<string, Schemas['RouteFence']>();
    for (const p of past) {
      for (const [i, l] of (p.route?.legs ?? []).entries()) {
        if (l.kind !== 'stop') continue;
        const [x, y] = project(l.fromLon, l.fromLat);
        stops.push({ id: legId(p.id, i), x, y, text: span((Date.parse(l.to) - Date.parse(l.from)) / 1000) });
      }
      for (const e of p.events) {
        const [x, y] = project(e.lon, e.lat);
        marks.push({ id: e.id, x, y, colour: getComputedStyle(document.documentElement).getPropertyValue(`--mantine-color-${toneOf(e.kind)}-6`) || '#888' });
      }
      for (const f of p.route?.fences ?? []) fences.set(f.id, f);
    }
    return { stops, marks, areas: [...fences.values()].map((f) => areaOf(f as unknown as Schemas['Fence'])).filter((a) => a !== undefined), tracks: past.flatMap((p) => (p.track?.time.length ? [p.track] : [])) };
  }, [past]);

  useEffect(() => {
    if (!scene) return;
    const c = palette(isDark);
    for (const l of [scene.grid, scene.fences, scene.tracks, scene.stops, scene.then]) l.colours = c;
    scene.fences.areas = drawn.areas;
    scene.tracks.tracks = scene.then.tracks = drawn.tracks;
    Object.assign(scene.stops, { stops: drawn.stops, marks: drawn.marks, selected });
    scene.handle.overlay.redraw();
  }, [scene, isDark, drawn, selected]);
  useEffect(() => {
    if (!scene) return;
    player.onframe = () => { scene.then.time = player.at; scene.handle.overlay.redraw('move'); };
    player.onframe();
    return () => { player.onframe = () => {}; };
  }, [scene, player, drawn]);
  // Each new choice is shown whole, once it is there.
  const fitted = useRef('');
  useEffect(() => {
    if (!scene || !drawn.tracks.length || fitted.current === fitFor || past.some((p) => p.loading)) return;
    fitted.current = fitFor;
    const box = drawn.tracks.reduce((b, k) => [Math.min(b[0], k.box[0]), Math.min(b[1], k.box[1]), Math.max(b[2], k.box[2]), Math.max(b[3], k.box[3])] as typeof k.box, drawn.tracks[0]!.box);
    const [west, north] = unproject([box[0], box[1]]), [east, south] = unproject([box[2], box[3]]);
    scene.handle.fit([west, south, east, north], { maxZoom: 15, animate: false });
  }, [scene, drawn, fitFor, past]);
  useEffect(() => {
    if (!scene || !look) return;
    scene.handle.map.easeTo({ center: [look.lon, look.lat], zoom: Math.max(scene.handle.map.getZoom(), 13.5), duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 500 });
  }, [scene, look]);

  return (
    <MapView label={t('map')} onReady={ready}>
      {drawn.tracks.length > 0 && (
        <div className="past-legend">
          {t('legend')}
          <ol>{SPEEDS.map((colour, i) => <li key={colour}><i style={{ background: colour }} />{i === 0 ? `< ${STEPS[0]}` : `≥ ${STEPS[i - 1]}`}</li>)}</ol>
        </div>
      )}
      {children}
    </MapView>
  );
}
