// What happened, as it happens; above it what still wants somebody.
import { Badge, Group, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useLang, useT } from '@/i18n';
import { isUnseen, useLive, useWorldVersion, type Dev } from '@/live';
import { eventWords, toneOf, useTell } from '@/live/tell';
import type { Area } from '@/map';
import { words } from './words';

const SHOWN = 80;

interface Props {
  areas: readonly Area[];
  shows?: (d: Dev) => boolean;
  onPick: (device: string) => void;
}

export function Feed({ areas, shows, onPick }: Props) {
  const t = useT(words), tw = useT(eventWords), say = useTell();
  const { lang } = useLang();
  const { world } = useLive();
  useWorldVersion();
  // What was there when the feed was opened is no news.
  const known = useRef(new Set<string>());
  const opened = useRef(false);
  const fence = (id?: string) => areas.find((a) => a.id === id)?.name ?? tw('aFence');
  const seen = (id: string) => { const d = world.devices.get(id); return d && (!shows || shows(d)) ? d : undefined; };
  const events = world.events.filter((e) => seen(e.device)).slice(0, SHOWN);
  const alarms = [...world.alarms.values()].filter((a) => seen(a.device)).sort((a, b) => Number(b.critical) - Number(a.critical) || a.opened.localeCompare(b.opened));
  useEffect(() => {
    for (const e of events) known.current.add(e.id);
    if (events.length) opened.current = true;
  });
  return (
    <>
      {alarms.length > 0 && (
        <div style={{ borderBottom: '1px solid var(--mantine-color-default-border)', paddingBottom: 6 }}>
          <Group justify="space-between" px={14} pt="sm" pb={4}><Text fw={650} component="h2" size="md">{t('openAlarms')}</Text><Badge component={Link} to={'/alarms' as string} color="red" variant="filled" style={{ cursor: 'pointer' }}>{alarms.length}</Badge></Group>
          {alarms.slice(0, 4).map((a) => (
            <UnstyledButton key={a.id} className="feed-row" onClick={() => onPick(a.device)}>
              <span className="map-dot" data-state="alarm" data-pulses={isUnseen(a) || undefined} style={{ marginTop: 6 }} />
              <Row name={world.devices.get(a.device)!.name} text={say(a, fence(a.fence))} />
              <time dateTime={a.opened} className="tabular">{clock(a.opened, lang)}</time>
            </UnstyledButton>
          ))}
        </div>
      )}
      <Text fw={650} component="h2" size="md" px={14} pt="sm" pb={6}>{t('events')}</Text>
      <ul className="feed-list">
        {events.map((e) => (
          <li key={e.id}>
            <UnstyledButton className="feed-row" data-fresh={(opened.current && !known.current.has(e.id)) || undefined} onClick={() => onPick(e.device)}>
              <span className="feed-mark" style={{ '--tone': `var(--mantine-color-${toneOf(e.kind)}-6)` } as React.CSSProperties} />
              <Row name={world.devices.get(e.device)!.name} text={say(e, fence(e.fence))} gone={e.retracted} />
              <time dateTime={e.time} className="tabular">{clock(e.time, lang)}</time>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {!events.length && <Text px={14} size="sm" c="dimmed">{t('noEvents')}</Text>}
    </>
  );
}

const Row = ({ name, text, gone }: { name: string; text: string; gone?: boolean }) => (
  <>
    <Text span display="block" size="sm" fw={600} miw={0} truncate>{name}</Text>
    <Text span display="block" size="sm" c="dimmed" td={gone ? 'line-through' : undefined}>{text}</Text>
  </>
);

/** The time of day; the date as well where it is another. */
export function clock(time: string, lang: string): string {
  const at = new Date(time), day = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(lang, day ? { timeStyle: 'medium' } : { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
}
