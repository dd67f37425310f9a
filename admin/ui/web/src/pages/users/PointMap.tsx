import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useT } from '@/i18n';
import { MapView, MarkerLayer, palette, type MapHandle } from '@/map';
import { seven } from './places';
import { words } from './words';

interface Props { lat?: number; lon?: number; name: string; readOnly?: boolean; onPick: (lat: number, lon: number) => void }

/** A map with one point, which a click sets. */
export default function PointMap({ lat, lon, name, readOnly, onPick }: Props) {
  const t = useT(words);
  const isDark = useComputedColorScheme('light') === 'dark';
  const [scene, setScene] = useState<{ handle: MapHandle; pin: MarkerLayer }>();
  const pick = useRef(onPick);
  pick.current = readOnly ? () => {} : onPick;
  const clicked = useRef(false);
  useEffect(() => {
    if (!scene) return;
    const c = palette(isDark);
    scene.pin.colours = c;
    scene.pin.markers = lat !== undefined && lon !== undefined ? [{ id: 'p', name, lat, lon, colour: c.accent }] : [];
    scene.handle.map.getCanvas().style.cursor = readOnly ? '' : 'crosshair';
    scene.handle.overlay.redraw('rest');
  }, [scene, isDark, lat, lon, name, readOnly]);
  useEffect(() => { // goes to a point that was not clicked: typed, found, or of a location
    if (!scene || lat === undefined || lon === undefined) return;
    if (clicked.current) { clicked.current = false; return; }
    scene.handle.map.jumpTo({ center: [lon, lat], zoom: Math.max(13, scene.handle.map.getZoom()) });
  }, [scene, lat, lon]);
  return (
    <MapView label={t('onMap')} style={{ height: 300, borderRadius: 8, overflow: 'hidden' }} onReady={(handle) => {
      const pin = new MarkerLayer(palette(isDark));
      handle.overlay.add('rest', pin);
      handle.map.on('click', (e) => {
        const { lng, lat: at } = e.lngLat.wrap();
        clicked.current = true;
        pick.current(seven(at), seven(lng));
      });
      setScene({ handle, pin });
      return () => setScene(undefined);
    }} />
  );
}
