import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useT } from '@/i18n';
import { FenceLayer, GridLayer, MapView, MarkerLayer, around, palette, type Area, type MapHandle, type Marker } from '@/map';
import { words } from './words';

/** The place of the marker that is being set. */
export interface Spot { lon: number; lat: number; colour: string; name: string }

interface Props {
  areas: Area[];
  markers: Marker[];
  selected?: Marker;
  spot?: Spot;
  /** A click sets the place. */
  setting: boolean;
  onPick: (id: string) => void;
  onPlace: (lon: number, lat: number) => void;
}

export function MarkerMap(p: Props) {
  const t = useT(words);
  const isDark = useComputedColorScheme('light') === 'dark';
  const [scene, setScene] = useState<ReturnType<typeof make>>();
  const now = useRef(p);
  now.current = p;
  const make = (handle: MapHandle) => {
    const c = palette(isDark), s = { handle, grid: new GridLayer(c), fences: new FenceLayer(c), pins: new MarkerLayer(c), own: new MarkerLayer(c) };
    handle.overlay.add('rest', s.grid, s.fences, s.pins, s.own);
    handle.map.on('click', (e) => {
      const seven = (v: number) => Math.round(v * 1e7) / 1e7;
      const { lng, lat } = e.lngLat.wrap();
      if (now.current.setting) now.current.onPlace(seven(lng), seven(lat));
      else now.current.onPick(s.pins.hit(e.point.x, e.point.y, handle.overlay.camera)?.id ?? '');
    });
    return s;
  };
  useEffect(() => {
    if (!scene) return;
    const c = palette(isDark);
    for (const l of [scene.grid, scene.fences, scene.pins, scene.own]) l.colours = c;
    scene.fences.areas = p.areas;
    scene.pins.markers = p.markers;
    scene.own.markers = p.spot ? [{ id: 'own', ...p.spot }] : [];
    scene.handle.map.getCanvas().style.cursor = p.setting ? 'crosshair' : '';
    scene.handle.overlay.redraw('rest');
  }, [scene, isDark, p.areas, p.markers, p.spot, p.setting]);
  const fitted = useRef(false);
  useEffect(() => {
    if (!scene || fitted.current) return;
    const box = around(p.markers.length ? p.markers.map((m) => [m.lon, m.lat] as const) : []);
    if (!box) return;
    fitted.current = true;
    scene.handle.fit(box, { maxZoom: 13, animate: false });
  }, [scene, p.markers, p.areas]);
  const chosen = p.selected;
  useEffect(() => {
    if (scene && chosen) scene.handle.map.easeTo({ center: [chosen.lon, chosen.lat], zoom: Math.max(13, scene.handle.map.getZoom()), duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 600 });
  }, [scene, chosen?.id]); // eslint-disable-line react-hooks/exhaustive-deps -- when another one is chosen
  return <MapView label={t('map')} onReady={(handle) => { setScene(make(handle)); return () => setScene(undefined); }} />;
}
