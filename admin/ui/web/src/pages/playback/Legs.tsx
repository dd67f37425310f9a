// What a device did, line by line: trips and stops, stays in geofences, events.
import { Button, Text, UnstyledButton } from '@mantine/core';
import { IconPolygon } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useCan } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { span, toneOf, useTell } from '@/live/tell';
import { useNames } from '@/api/names';
import { placeAt, type Event, type Leg, type Route, type Visit } from './data';
import { words } from './words';

export function useFormats() {
  const { lang } = useLang();
  return {
    clock: (time: string | number, many: boolean) => new Date(time).toLocaleString(lang, many ? { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } : { timeStyle: 'short' }),
    km: (m: number) => (m < 1000 ? `${Math.round(m)} m` : `${new Intl.NumberFormat(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(m / 1000)} km`),
    n: (v: number) => new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }).format(v),
  };
}

interface Rows { route: Route; many: boolean; selected: string; onPick: (id: string, at: number, place?: { lon: number; lat: number }) => void }

export const legId = (device: string, i: number) => `${device}:leg:${i}`;

export function Legs({ route, many, selected, onPick }: Rows) {
  const t = useT(words);
  const f = useFormats(), can = useCan();
  const seconds = (l: Leg) => (Date.parse(l.to) - Date.parse(l.from)) / 1000;
  return (
    <ol className="past-rows">
      {route.legs.map((l, i) => {
        const id = legId(route.device, i), from = placeAt(route.visits, l.from), to = placeAt(route.visits, l.to);
        const ways = l.kind === 'trip' ? [...new Set([from, to])].filter(Boolean).join(' → ') : from;
        return (
          <li key={id} data-chosen={id === selected || undefined}>
            <UnstyledButton className="past-row" onClick={() => onPick(id, Date.parse(l.from), { lon: l.fromLon, lat: l.fromLat })} aria-pressed={id === selected}>
              <span className="past-mark" data-kind={l.kind} />
              <span className="past-main">
                <Text span size="sm" fw={600}>{t(l.kind)}{ways ? ` · ${ways}` : ''}</Text>
                <Text span size="xs" c="dimmed" className="tabular">{f.clock(l.from, many)} – {f.clock(l.to, many)} · {span(seconds(l))}{l.kind === 'trip' && l.maxSpeed > 0 ? ` · ${t('upTo', { v: f.n(l.maxSpeed) })}` : ''}</Text>
              </span>
              {l.kind !== 'stop' && <Text span size="sm" fw={600} className="tabular past-far">{f.km(l.metres)}</Text>}
            </UnstyledButton>
            {id === selected && l.kind === 'stop' && can('fence.create') && (
              <Button component={Link} to={'/geofences/new' as string} search={{ circle: `${l.fromLon},${l.fromLat},100` } as never} size="compact-sm" variant="light" ml={34} mb={8} leftSection={<IconPolygon size={15} />}>{t('fenceHere')}</Button>
            )}
          </li>
        );
      })}
    </ol>
  );
}

export function Visits({ route, many, selected, onPick }: Rows) {
  const t = useT(words);
  const f = useFormats();
  if (!route.visits.length) return <Text size="sm" c="dimmed" p="md">{t('noVisits')}</Text>;
  return (
    <ol className="past-rows">
      {route.visits.map((v: Visit, i) => {
        const id = `${route.device}:visit:${i}`;
        return (
          <li key={id} data-chosen={id === selected || undefined}>
            <UnstyledButton className="past-row" onClick={() => onPick(id, Date.parse(v.in))} aria-pressed={id === selected}>
              <span className="past-mark" data-kind="visit" style={{ background: v.colour || undefined }} />
              <span className="past-main">
                <Text span size="sm" fw={600}>{v.name}</Text>
                <Text span size="xs" c="dimmed" className="tabular">{v.entered ? t('entered', { time: f.clock(v.in, many) }) : t('wasIn')} – {v.left ? t('left', { time: f.clock(v.out, many) }) : t('staysIn')}</Text>
                <Text span size="xs" c="dimmed" className="tabular">{t('inside', { for: span(v.seconds) })}</Text>
              </span>
              <Text span size="sm" fw={600} className="tabular past-far">{f.km(v.metres)}</Text>
            </UnstyledButton>
          </li>
        );
      })}
    </ol>
  );
}

export function Happened({ events, many, selected, onPick }: { events: Event[]; many: boolean; selected: string; onPick: Rows['onPick'] }) {
  const t = useT(words), say = useTell();
  const f = useFormats(), name = useNames({ fences: events.map((e) => e.fence) });
  if (!events.length) return <Text size="sm" c="dimmed" p="md">{t('noEvents')}</Text>;
  return (
    <ol className="past-rows">
      {[...events].reverse().map((e) => {
        return (
          <li key={e.id} data-chosen={e.id === selected || undefined}>
            <UnstyledButton className="past-row" onClick={() => onPick(e.id, Date.parse(e.time), e)} aria-pressed={e.id === selected}>
              <span className="past-mark" data-kind="event" style={{ background: `var(--mantine-color-${toneOf(e.kind)}-6)` }} />
              <span className="past-main"><Text span size="sm">{say(e, name(e.fence))}</Text></span>
              <Text span size="xs" c="dimmed" className="tabular past-far">{f.clock(e.time, many)}</Text>
            </UnstyledButton>
          </li>
        );
      })}
    </ol>
  );
}
