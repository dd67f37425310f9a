import { Avatar, Text, Tooltip } from '@mantine/core';
import { Fragment } from 'react';
import type { Schemas } from '@/api/client';
import { useLang, useT } from '@/i18n';
import { imageOf } from '@/parts/ImagePicker';
import { moment, type Span } from './cover';
import { words } from './words';

interface Props {
  days: string[]; zone: string; people: Schemas['User'][]; spans: Span[]; gaps: { from: number; to: number }[]; now: number;
  onPick?: (shift: string) => void;
}

/** A week by operator: when each works, and in red when nobody does. */
export function Week({ days, zone, people, spans, gaps, now, onPick }: Props) {
  const t = useT(words);
  const { lang } = useLang();
  const clock = (at: number) => new Date(at).toLocaleTimeString(lang, { timeZone: zone, timeStyle: 'short' });
  const when = (at: number) => new Date(at).toLocaleString(lang, { timeZone: zone, weekday: 'short', hour: 'numeric', minute: '2-digit' });
  const edges = days.map((d) => [moment(d, 0, zone), moment(d, 1440, zone)] as const);
  const part = (s: { from: number; to: number }, [a, b]: readonly [number, number]) => {
    const from = Math.max(s.from, a), to = Math.min(s.to, b);
    return from < to ? { left: `${((from - a) / (b - a)) * 100}%`, width: `${((to - from) / (b - a)) * 100}%` } : undefined;
  };
  const nowIn = ([a, b]: readonly [number, number]) => now >= a && now < b && <span className="week-now" style={{ left: `${((now - a) / (b - a)) * 100}%` }} />;
  return (
    <div className="week" role="table" aria-label={t('shifts')}>
      <div role="row" style={{ display: 'contents' }}>
        <div className="week-head" role="columnheader">{t('operator')}</div>
        {days.map((d, i) => <div key={d} className="week-head" role="columnheader" data-today={(now >= edges[i]![0] && now < edges[i]![1]) || undefined}>{new Date(`${d}T12:00:00Z`).toLocaleDateString(lang, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })}</div>)}
      </div>
      <div role="row" style={{ display: 'contents' }}>
        <div className="week-name" role="rowheader" style={{ paddingBlock: 2 }}><Text size="sm" fw={600}>{t('cover')}</Text></div>
        {edges.map((e, i) => (
          <div key={days[i]} className="week-day week-cover" role="cell">
            <span className="covered" />
            {gaps.map((g) => { const p = part(g, e); return p && <Tooltip key={g.from} label={t('gap', { from: when(g.from), to: when(g.to) })}><span className="gap" role="img" aria-label={t('gap', { from: when(g.from), to: when(g.to) })} style={p} /></Tooltip>; })}
            {nowIn(e)}
          </div>
        ))}
      </div>
      {people.map((u) => (
        <div key={u.id} role="row" style={{ display: 'contents' }}>
          <div className="week-name" role="rowheader"><Avatar src={imageOf(u)} name={u.name} color="initials" size={28} radius="xl" alt="" /><Text size="sm" truncate>{u.name}</Text></div>
          {edges.map((e, i) => (
            <div key={days[i]} className="week-day" role="cell">
              {spans.filter((s) => s.user === u.id).map((s) => {
                const p = part(s, e), label = t('bar', { name: u.name, from: clock(s.from), to: clock(s.to) });
                return <Fragment key={`${s.shift}${s.from}`}>{p && <Tooltip label={`${clock(s.from)} – ${clock(s.to)}`}><button type="button" className="week-bar" data-from={s.from >= e[0] || undefined} data-to={s.to <= e[1] || undefined} style={p} aria-label={label} disabled={!onPick} onClick={() => onPick?.(s.shift)} /></Tooltip>}</Fragment>;
              })}
              {nowIn(e)}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
