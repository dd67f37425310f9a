// Where it happened: the place, the way ten minutes before and after, the
// fences there, and where the device is now.
import { useComputedColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { useLive, useWant, useWorldVersion, type Alarm } from '@/live';
import { DeviceLayer, FenceLayer, GridLayer, MapView, MarkerLayer, TrailLayer, around, palette, project, toPixel, type Camera, type Layer, type MapHandle } from '@/map';
import { usePlaces } from '@/pages/map/places';
import { words } from './words';

const AROUND = 10 * 60e3;

/** A ring round the place, that does not hide what is there. */
class PlaceLayer implements Layer {
  at: readonly [number, number] = [0.5, 0.5];
  constructor(public colour: string) {}
  draw(g: CanvasRenderingContext2D, cam: Camera) {
    const [px, py] = toPixel(cam, ...this.at);
    g.strokeStyle = this.colour;
    g.lineWidth = 3;
    g.beginPath();
    g.arc(px, py, 15, 0, 7);
    for (const [dx, dy] of [[0, -1], [1, 0], [0, 1], [-1, 0]] as const) {
      g.moveTo(px + dx * 15, py + dy * 15);
      g.lineTo(px + dx * 23, py + dy * 23);
    }
    g.stroke();
    g.fillStyle = this.colour;
    g.beginPath();
    g.arc(px, py, 3.5, 0, 7);
    g.fill();
  }
}

const sceneOf = (handle: MapHandle) => {
  const c = palette(false), s = { handle, grid: new GridLayer(c), fences: new FenceLayer(c), trails: new TrailLayer(), markers: new MarkerLayer(c), place: new PlaceLayer(c.alarm), devices: new DeviceLayer(c) };
  s.devices.group = false;
  handle.overlay.add('rest', s.grid, s.fences, s.trails, s.markers, s.place);
  handle.overlay.add('move', s.devices);
  return s;
};

/** What Place needs to know: of an alarm, or of an event. */
export type Spot = Pick<Alarm, 'id' | 'device' | 'lon' | 'lat' | 'opened' | 'last' | 'fence'>;

export function Place({ alarm: a, deviceName }: { alarm: Spot; deviceName: string }) {
  const t = useT(words);
  const can = useCan();
  const { world } = useLive();
  const [lon, lat] = [a.lon, a.lat];
  useWant(can('position.read') ? [lon - 0.5, Math.max(-90, lat - 0.5), lon + 0.5, Math.min(90, lat + 0.5)] : 'none');
  useWorldVersion();
  const isDark = useComputedColorScheme('light') === 'dark';
  const [s, setScene] = useState<ReturnType<typeof sceneOf>>();
  const { areas, markers } = usePlaces();
  const way = useQuery({
    queryKey: ['positions', a.device, a.last], enabled: can('position.read'), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/devices/{id}/positions', {
      params: { path: { id: a.device }, query: { from: new Date(Date.parse(a.opened) - AROUND).toISOString(), to: new Date(Date.parse(a.opened) + AROUND).toISOString(), limit: 2000 } },
    })).data!.items.filter((p) => !p.verdict).map((p) => [p.lon, p.lat] as const),
  }).data;
  const spot = world.devices.get(a.device);

  useEffect(() => {
    if (!s) return;
    const c = palette(isDark);
    for (const l of [s.grid, s.fences, s.markers, s.devices]) l.colours = c;
    s.place.colour = c.alarm;
    s.place.at = project(lon, lat);
    s.fences.areas = areas;
    s.fences.selected = a.fence ?? '';
    s.markers.markers = markers;
    s.trails.trails = way?.length ? [{ points: way.map((p) => project(...p)), colour: c.stopped, strong: true }] : [];
    s.handle.overlay.redraw();
  }, [s, isDark, lon, lat, a.fence, areas, markers, way]);
  useEffect(() => {
    if (!s) return;
    s.devices.spots = spot?.placed ? [spot] : [];
    s.handle.overlay.redraw('move');
  });
  useEffect(() => { // the place, and as much of the way as shows where it leads
    if (!s) return;
    const near = (way ?? []).filter((p) => Math.abs(p[0] - lon) < 0.05 && Math.abs(p[1] - lat) < 0.05);
    const box = around([[lon - 0.004, lat - 0.003], [lon + 0.004, lat + 0.003], ...near]);
    if (box) s.handle.fit(box, { maxZoom: 15.5 });
  }, [s, a.id, lon, lat, way === undefined]); // eslint-disable-line react-hooks/exhaustive-deps -- not at each new point

  return <MapView label={`${t('map')}: ${deviceName}`} onReady={(handle) => { setScene(sceneOf(handle)); return () => setScene(undefined); }} />;
}
