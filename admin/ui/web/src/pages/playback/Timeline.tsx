// Play, scrub, faster: the strip shows when each device drove, how fast, when it
// stood and when something happened.
import { ActionIcon, Checkbox, SegmentedControl, Tooltip } from '@mantine/core';
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useHotkeys } from '@mantine/hooks';
import { memo, useEffect, useRef, useSyncExternalStore } from 'react';
import { useLang, useT } from '@/i18n';
import { toneOf } from '@/live/tell';
import type { Past } from './data';
import { SPEEDS } from './layers';
import { RATES, type Player } from './player';
import { speedClass } from './track';
import { words } from './words';

const STRIP = 14; // pixels of each device

export function Timeline({ player, past }: { player: Player; past: Past[] }) {
  const t = useT(words);
  const { lang } = useLang();
  useSyncExternalStore(player.subscribe, () => player.version);
  useHotkeys([['space', () => player.toggle()], ['ArrowLeft', () => player.seek(player.at - 60e3)], ['ArrowRight', () => player.seek(player.at + 60e3)]]);
  const long = player.to - player.from > 86_400_000;
  const clock = new Date(player.at).toLocaleString(lang, long ? { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' } : { timeStyle: 'medium' });
  return (
    <section className="past-time" aria-label={t('timeline')}>
      <div className="past-tools">
        <Tooltip label={player.playing ? t('pause') : t('play')}>
          <ActionIcon size={38} radius="xl" variant="filled" aria-label={player.playing ? t('pause') : t('play')} onClick={() => player.toggle()}>{player.playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}</ActionIcon>
        </Tooltip>
        <output className="past-clock tabular">{clock}</output>
        <SegmentedControl size="xs" aria-label={t('speedUp')} value={String(player.rate)} onChange={(v) => player.set({ rate: Number(v) })} data={RATES.map((r) => ({ value: String(r), label: `×${r}` }))} />
        <Checkbox size="xs" label={t('skip')} checked={player.skip} onChange={(e) => player.set({ skip: e.currentTarget.checked })} />
      </div>
      <div className="past-strip">
        <Strip past={past} from={player.from} to={player.to} />
        <input type="range" aria-label={t('time')} aria-valuetext={clock} min={player.from} max={player.to} step={1000} value={player.at} onChange={(e) => player.seek(Number(e.currentTarget.value))} />
        <span className="past-needle" aria-hidden style={{ left: `${(100 * (player.at - player.from)) / Math.max(1, player.to - player.from)}%` }} />
      </div>
    </section>
  );
}

/** Drawn when what it shows changes, not as the time runs. */
const Strip = memo(function Strip({ past, from, to }: { past: Past[]; from: number; to: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = past.filter((p) => p.track);
  useEffect(() => {
    const c = canvas.current!;
    const draw = () => {
      const w = c.clientWidth, h = c.clientHeight, dpr = Math.min(devicePixelRatio || 1, 2), g = c.getContext('2d')!;
      c.width = Math.max(1, w * dpr);
      c.height = Math.max(1, h * dpr);
      g.scale(dpr, dpr);
      const x = (time: number) => ((time - from) / Math.max(1, to - from)) * w;
      const quiet = getComputedStyle(c).getPropertyValue('--past-quiet');
      for (const [n, p] of shown.entries()) {
        const y = n * (STRIP + 3) + 2, { time, speed } = p.track!;
        for (const l of p.route?.legs ?? []) {
          if (l.kind === 'gap') continue;
          g.fillStyle = quiet;
          g.fillRect(x(Date.parse(l.from)), y + (l.kind === 'stop' ? STRIP - 3 : 0), Math.max(1, x(Date.parse(l.to)) - x(Date.parse(l.from))), l.kind === 'stop' ? 3 : STRIP);
          if (l.kind !== 'trip') continue;
          const begin = Date.parse(l.from), end = Date.parse(l.to);
          let last = -1, top = 0;
          for (let i = 0; i < time.length; i++) { // the fastest of each pixel
            if (time[i]! < begin || time[i]! > end) continue;
            const px = Math.floor(x(time[i]!));
            if (px !== last) top = 0;
            last = px;
            if (speed[i]! < top) continue;
            top = speed[i]!;
            g.fillStyle = SPEEDS[speedClass(top)]!;
            const high = Math.max(3, Math.min(STRIP, (top / 120) * STRIP));
            g.fillRect(px, y + STRIP - high, Math.max(1.5, Math.ceil(x(Math.min(end, time[i + 1] ?? end))) - px), high);
          }
        }
        for (const e of p.events) {
          g.fillStyle = getComputedStyle(c).getPropertyValue(`--mantine-color-${toneOf(e.kind)}-6`) || '#888';
          g.fillRect(x(Date.parse(e.time)) - 1, y - 2, 2, STRIP + 4);
        }
      }
    };
    draw();
    const sized = new ResizeObserver(draw);
    sized.observe(c);
    return () => sized.disconnect();
  });
  return <canvas ref={canvas} aria-hidden style={{ height: Math.max(1, shown.length) * (STRIP + 3) + 4 }} />;
});
