// The map of every page that shows one: the base map in the chosen language and
// scheme, flat and northward, with an Overlay for what the page draws on it.
//
//   <MapView label={t('map')} onReady={(m) => { …; return () => … }} />
import { useComputedColorScheme } from '@mantine/core';
import { Map as GLMap, setWorkerUrl } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { useEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import { useLang } from '@/i18n';
import { BASE, baseStyle, useBaseMap } from './style';
import { Overlay } from './overlay';
import type { Box } from './view';
import './map.css';

setWorkerUrl(workerUrl);

/** What a page works with once its map stands. */
export interface MapHandle {
  map: GLMap;
  overlay: Overlay;
  /** Shows a box whole, at most as near as a zoom. */
  fit(box: Box, options?: { maxZoom?: number; animate?: boolean }): void;
}

interface Props {
  /** What screen readers call the map. */
  label: string;
  /** Called once the base map is drawn; what it returns is called at the end. */
  onReady: (handle: MapHandle) => void | (() => void);
  /** What is shown first. */
  box?: Box;
  style?: CSSProperties;
  children?: ReactNode;
}

declare global {
  interface Window {
    /** For whoever measures or tests: the first picture stands; how often points were drawn. */
    __mapReady?: boolean;
    __mapFrames?: () => number;
  }
}

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export function MapView({ label, onReady, box, style, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [handle, setHandle] = useState<MapHandle>();
  const ready = useRef(onReady);
  ready.current = onReady;
  const { lang } = useLang();
  const isDark = useComputedColorScheme('light') === 'dark';
  const base = useBaseMap();

  useEffect(() => {
    const map = new GLMap({
      container: place.current!, style: { version: 8, sources: {}, layers: [] }, bounds: box ?? [-160, -52, 175, 70],
      minZoom: 0.5, maxZoom: 20, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0, rollEnabled: false,
      attributionControl: { compact: true }, fadeDuration: 0, renderWorldCopies: true, canvasContextAttributes: { antialias: false },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    const overlay = new Overlay(map);
    window.__mapFrames = () => overlay.frames;
    const h: MapHandle = {
      map, overlay,
      fit: (b, { maxZoom = 15, animate = true } = {}) => {
        const side = Math.min(80, place.current!.clientWidth / 8);
        map.fitBounds(b, { padding: side, maxZoom, animate: animate && !still(), duration: 600 });
      },
    };
    // For tests and for whoever looks into the page: what is looked at.
    const tell = () => { const { lng, lat } = map.getCenter(); place.current?.setAttribute('data-view', `${lat.toFixed(4)},${lng.toFixed(4)},${map.getZoom().toFixed(1)}`); };
    map.on('moveend', tell);
    setHandle(h);
    return () => {
      window.__mapReady = false;
      overlay.close();
      map.remove();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- one map for the life of the page
  }, []);

  useEffect(() => {
    if (!handle || !base) return;
    let live = true;
    baseStyle(base, isDark, lang).then((next) => {
      if (!live) return;
      // What pages put on the map themselves stays on the new base.
      handle.map.setStyle(next, {
        diff: true,
        transformStyle: (old, fresh) => {
          const own = (name: string) => !name.startsWith(BASE);
          return {
            ...fresh,
            sources: { ...fresh.sources, ...Object.fromEntries(Object.entries(old?.sources ?? {}).filter(([k]) => own(k) && !(k in fresh.sources))) },
            layers: [...fresh.layers, ...(old?.layers ?? []).filter((l) => own(l.id) && !fresh.layers.some((f) => f.id === l.id))],
          };
        },
      });
      handle.overlay.redraw();
    }, (err) => console.warn('base map:', err));
    return () => { live = false; };
  }, [handle, base, isDark, lang]);

  useEffect(() => {
    if (!handle) return;
    handle.map.getCanvas().setAttribute('aria-label', label);
  }, [handle, label]);

  useEffect(() => {
    if (!handle) return;
    handle.map.once('idle', () => { window.__mapReady = true; });
    const end = ready.current(handle);
    return () => end?.();
  }, [handle]);

  return <div className="map" style={style}><div ref={place} className="map-gl" />{children}</div>;
}
