// The editor's map: all fences, the pencil, and where devices are.
import { useComputedColorScheme } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { useT } from '@/i18n';
import { useLive, useWant, useWorldVersion } from '@/live';
import { PlaceSearch } from '@/parts/PlaceSearch';
import { DeviceLayer, FenceLayer, GridLayer, MapView, MarkerLayer, around, palette, unproject, type Area, type Box, type MapHandle, type Marker } from '@/map';
import type { Draft, LL } from './draft';
import { Editor, type Tool } from './editor';
import { Tools } from './Tools';
import { words } from './words';

export interface Pencil {
  /** The map stands. */
  ready: boolean;
  load(draft: Draft | undefined, live: boolean): void;
  set(draft: Draft): void;
  choose(tool: Tool | undefined): void;
  fault(at: LL | undefined): void;
  show(area: Area): void;
}

interface Props {
  areas: Area[];
  markers: Marker[];
  selected: string;
  /** Drawn by the pencil instead. */
  edited?: string;
  colour: string;
  draft?: Draft;
  mayDraw: boolean;
  owner?: string;
  pencil: Ref<Pencil>;
  onPick: (id: string) => void;
  onDraft: (draft: Draft | undefined) => void;
  onTool: (tool: Tool | undefined) => void;
  fault?: string;
}

const boxOfArea = (a: Area): Box => { const [w, n] = unproject([a.box[0], a.box[1]]), [e, s] = unproject([a.box[2], a.box[3]]); return [w, s, e, n]; };

export function FenceMap(p: Props) {
  const t = useT(words);
  const { world } = useLive();
  useWant('all');
  const version = useWorldVersion();
  const isDark = useComputedColorScheme('light') === 'dark';
  const [scene, setScene] = useState<ReturnType<typeof make>>();
  const [tool, setTool] = useState<Tool>();
  const [points, setPoints] = useState(0);
  const [, render] = useState(0);
  const now = useRef(p);
  now.current = p;

  const make = (handle: MapHandle) => {
    const c = palette(isDark), s = { handle, grid: new GridLayer(c), fences: new FenceLayer(c), markers: new MarkerLayer(c), devices: new DeviceLayer(c) };
    handle.overlay.add('rest', s.grid, s.fences, s.markers);
    handle.overlay.add('move', s.devices);
    const editor = new Editor(handle, {
      changed: (d) => now.current.onDraft(d), points: setPoints, tool: (next) => { setTool(next); now.current.onTool(next); },
      outside: () => notifications.show({ color: 'orange', message: t('holeOutside') }),
    });
    handle.map.on('click', (e) => {
      if (editor.tool || editor.live) return;
      const hit = s.fences.hit(e.point.x, e.point.y, handle.overlay.camera);
      now.current.onPick(hit?.id ?? '');
    });
    handle.map.getCanvas().addEventListener('keydown', (e) => { if (e.key === 'Enter' && editor.tool) { e.preventDefault(); editor.finish(); } });
    return { ...s, editor };
  };

  useImperativeHandle(p.pencil, () => ({
    ready: scene !== undefined,
    load: (d, live) => { scene?.editor.load(d, live); render((n) => n + 1); },
    set: (d) => scene?.editor.set(d),
    choose: (next) => scene?.editor.choose(next),
    fault: (at) => {
      if (!scene) return;
      scene.editor.fault = at && { at };
      scene.handle.overlay.redraw('move');
      if (at && !scene.handle.map.getBounds().contains([at[0], at[1]])) scene.handle.map.easeTo({ center: [at[0], at[1]] });
    },
    show: (a) => scene?.handle.fit(boxOfArea(a), { maxZoom: 16 }),
  }), [scene]);

  useEffect(() => {
    if (!scene) return;
    const c = palette(isDark);
    for (const l of [scene.grid, scene.fences, scene.markers, scene.devices]) l.colours = c;
    scene.fences.areas = p.areas.filter((a) => a.id !== p.edited);
    scene.fences.selected = p.selected;
    scene.markers.markers = p.markers;
    Object.assign(scene.editor, { colour: p.colour, rim: isDark ? '#0e151b' : '#ffffff', bad: c.alarm, halo: c.halo });
    scene.handle.overlay.redraw();
  }, [scene, isDark, p.areas, p.markers, p.selected, p.edited, p.colour]);
  useEffect(() => {
    if (!scene) return;
    scene.devices.spots = [...world.devices.values()].filter((d) => d.placed && (!p.owner || d.record?.customer === p.owner));
    scene.handle.overlay.redraw('move');
  }, [scene, world, version, p.owner]);
  // First shown is where the fences are, else where the devices are.
  const fitted = useRef(false);
  useEffect(() => {
    if (!scene || fitted.current) return;
    const places = p.areas.length ? p.areas.flatMap((a) => { const [w, s, e, n] = boxOfArea(a); return [[w, s], [e, n]] as const; }) : scene.devices.spots.map((d) => unproject([d.x, d.y]));
    const box = around(places);
    if (!box) return;
    fitted.current = p.areas.length > 0;
    if (!p.draft && !tool) scene.handle.fit(box, { maxZoom: 14, animate: false });
  }, [scene, p.areas, version]); // eslint-disable-line react-hooks/exhaustive-deps -- until it was done once

  const undo = () => { scene?.editor.undo(); render((n) => n + 1); };
  useHotkeys([['mod+z', undo], ['Escape', () => { if (tool) scene?.editor.choose(undefined); }]]);
  const editing = Boolean(scene?.editor.live);
  return (
    <MapView label={t('map')} onReady={(handle) => { const s = make(handle); setScene(s); return () => { s.editor.close(); setScene(undefined); }; }}>
      {p.mayDraw && (
        <Tools tool={tool} points={points} editing={editing} canHole={editing && p.draft?.kind === 'area'} canUndo={Boolean(scene?.editor.canUndo)}
          onTool={(next) => { scene?.editor.choose(next); scene?.handle.map.getCanvas().focus({ preventScroll: true }); }} onUndo={undo} onFinish={() => scene?.editor.finish()} />
      )}
      <div style={{ position: 'absolute', right: 12, bottom: 40, zIndex: 4, padding: 4, background: 'var(--mantine-color-body)', borderRadius: 10, boxShadow: 'var(--mantine-shadow-md)', border: '1px solid var(--mantine-color-default-border)' }}>
        <PlaceSearch onPick={({ lon, lat }) => scene?.handle.map.easeTo({ center: [lon, lat], zoom: Math.max(13, scene.handle.map.getZoom()) })} />
      </div>
      {p.fault && <div className="fence-fault" role="alert">{t('here', { text: p.fault })}</div>}
    </MapView>
  );
}
