// One device on a small map, with the geofences that it may be in.
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useT } from '@/i18n';
import { DeviceLayer, FenceLayer, MapView, palette, project, TrailLayer, type MapHandle, type Point, type Spot } from '@/map';
import { send } from '@/map/glide';
import { online } from '@/pages/devices/online';
import type { Device, Position } from '@/pages/devices/data';
import { usePlaces } from '@/pages/map/places';
import { words } from './words';

export function DeviceMap({ device, last, height = 420, trail }: { device: Device; last: Position; height?: number | string; trail?: Point[] }) {
  const t = useT(words);
  const isDark = useComputedColorScheme('light') === 'dark';
  const drawn = useRef<{ handle: MapHandle; spot: Spot; layer: DeviceLayer; fences: FenceLayer; trails: TrailLayer }>(undefined);
  const [ready, setReady] = useState(false);
  const { areas } = usePlaces(device.customer ?? device.company);

  useEffect(() => { // it moves with each position, and the map follows
    const d = drawn.current;
    if (!d) return;
    const [x, y] = project(last.lon, last.lat), { spot } = d;
    send(spot, x, y, performance.now());
    const heard = online(device.offlineAfter, last.received ?? last.time, Date.now());
    Object.assign(spot, { name: device.name, course: last.course, state: last.alarms?.length ? 'alarm' : !heard ? 'silent' : (last.speed ?? 0) > 3 ? 'moving' : 'stopped' });
    d.handle.map.easeTo({ center: [last.lon, last.lat], duration: 600 });
    d.handle.overlay.redraw();
  }, [last, device, ready]);

  useEffect(() => {
    const d = drawn.current;
    if (!d) return;
    const c = palette(isDark);
    d.layer.colours = c;
    d.fences.colours = c;
    d.fences.areas = areas;
    d.trails.trails = trail && trail.length > 1 ? [{ points: trail, colour: c.accent, strong: true }] : [];
    d.handle.overlay.redraw();
  }, [areas, isDark, ready, trail]);

  return (
    <div style={{ height, borderRadius: 'var(--mantine-radius-md)', overflow: 'hidden', border: '1px solid var(--mantine-color-default-border)' }}>
      <MapView label={t('mapOf', { name: device.name })} box={[last.lon - 0.02, last.lat - 0.015, last.lon + 0.02, last.lat + 0.015]}
        onReady={(handle) => {
          const c = palette(isDark), [x, y] = project(last.lon, last.lat);
          const layer = new DeviceLayer(c), fences = new FenceLayer(c), trails = new TrailLayer();
          const spot: Spot = { id: device.id, name: device.name, state: 'stopped', x, y, fromX: x, fromY: y, since: 0 };
          layer.spots = [spot];
          handle.overlay.add('rest', fences, trails);
          handle.overlay.add('move', layer);
          drawn.current = { handle, spot, layer, fences, trails };
          setReady(true);
          return () => { drawn.current = undefined; setReady(false); };
        }} />
    </div>
  );
}
