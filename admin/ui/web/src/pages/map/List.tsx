// The list beside the map: what happened last stands first. Only the rows in
// sight exist, so it is the same with ten devices and ten thousand.
import { ActionIcon, Badge, Button, Center, Group, Skeleton, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedCallback, useElementSize, useMergedRef } from '@mantine/hooks';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useLang, useT } from '@/i18n';
import { useLink, type Dev } from '@/live';
import { ago } from '@/parts/time';
import { useNow } from '@/parts/useNow';
import { words } from './words';

const ROW = 58;

interface Props {
  rows: Dev[];
  all: number;
  search: string;
  filtered: boolean;
  selected: string;
  onSearch: (text: string) => void;
  onClear: () => void;
  onPick: (id: string) => void;
  filters?: ReactNode;
  empty: ReactNode;
}

export function List({ rows, all, search, filtered, selected, onSearch, onClear, onPick, filters, empty }: Props) {
  const t = useT(words);
  const { lang } = useLang();
  const now = useNow();
  const { loaded } = useLink();
  const id = useId(); // the list stands twice: beside the map, and in the drawer of a phone
  const box = useRef<HTMLDivElement>(null);
  const { ref: sized, height } = useElementSize<HTMLDivElement>();
  const place = useMergedRef(box, sized);
  const [top, setTop] = useState(0);
  const [typed, setTyped] = useState(search);
  const tell = useDebouncedCallback(onSearch, 150);
  const [at, setAt] = useState(-1); // where the keyboard is
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => { setTyped(search); }, [search]);

  const first = Math.max(0, Math.floor(top / ROW) - 4), last = Math.min(rows.length, Math.ceil((top + height) / ROW) + 4);
  const onKey = (e: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 8, PageUp: at - 8 }[e.key];
    if (to !== undefined && rows.length) {
      e.preventDefault();
      const next = Math.max(0, Math.min(rows.length - 1, to));
      setAt(next);
      const el = box.current;
      if (el && next * ROW < el.scrollTop) el.scrollTop = next * ROW;
      if (el && (next + 1) * ROW > el.scrollTop + el.clientHeight) el.scrollTop = (next + 1) * ROW - el.clientHeight;
    } else if (e.key === 'Enter' && rows[at]) {
      e.preventDefault();
      onPick(rows[at].id);
    }
  };
  const active = rows[at];
  return (
    <Stack gap={0} h="100%" miw={0}>
      <Stack gap={8} p="sm" pb={8}>
        <Group justify="space-between" wrap="nowrap" gap="xs">
          <Text fw={650}>{t('devices')}</Text>
          <Text size="sm" c="dimmed" className="tabular" data-testid="map-count">{t('ofAll', { n: rows.length, all })}</Text>
        </Group>
        <TextInput ref={field} size="sm" placeholder={t('find')} aria-label={t('find')} value={typed} leftSection={<IconSearch size={16} />}
          onChange={(e) => { setTyped(e.currentTarget.value); tell(e.currentTarget.value); setAt(-1); }} onKeyDown={onKey}
          rightSection={typed && <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('clearFilters')} onClick={() => { setTyped(''); onSearch(''); field.current?.focus(); }}><IconX size={14} /></ActionIcon>} />
        {filters}
      </Stack>
      <div ref={place} role={rows.length ? 'listbox' : undefined} tabIndex={rows.length ? 0 : undefined} aria-label={rows.length ? t('devices') : undefined} aria-activedescendant={active && at >= first && at < last ? `${id}-${active.id}` : undefined} className="map-list"
        onScroll={(e) => setTop(e.currentTarget.scrollTop)} onKeyDown={onKey}>
        {!loaded && !rows.length && <Stack gap={10} p="sm" aria-hidden>{[0, 1, 2, 3, 4].map((i) => <Skeleton key={i} height={40} />)}</Stack>}
        {loaded && !rows.length && (filtered
          ? <Center p="lg"><Stack align="center" gap="xs"><Text c="dimmed">{t('nothing')}</Text><Button variant="light" size="compact-sm" onClick={onClear}>{t('clearFilters')}</Button></Stack></Center>
          : empty)}
        <div style={{ height: rows.length * ROW, position: 'relative' }} role="presentation">
          {rows.slice(first, last).map((d, i) => (
            <UnstyledButton key={d.id} id={`${id}-${d.id}`} role="option" tabIndex={-1} aria-selected={d.id === selected} data-active={first + i === at || undefined} data-state={d.state} className="map-row"
              style={{ top: (first + i) * ROW, height: ROW }} onClick={() => { setAt(first + i); onPick(d.id); }}>
              <span className="map-dot" data-state={d.state} data-pulses={d.pulses || undefined} />
              <span className="map-row-text">
                <span className="map-row-name">{d.name}</span>
                <span className="map-row-more">{describe(d, t)}</span>
              </span>
              <span className="map-row-time tabular">{d.lastEvent || d.heard ? ago(Math.max(d.lastEvent, d.heard), lang, now) : <Badge size="xs" variant="light" color="gray">{t('never')}</Badge>}</span>
            </UnstyledButton>
          ))}
        </div>
      </div>
    </Stack>
  );
}

type Word = ReturnType<typeof useT<keyof typeof words>>;

/** The state of a device in a few words, with what goes with it. */
export function describe(d: Dev, t: Word): string {
  if (!d.heard) return [t('never'), d.record?.plate].filter(Boolean).join(' · ');
  const driving = d.connected && (d.position?.speed ?? 0) >= 3;
  return [d.state === 'alarm' ? t('alarm') : t(d.state), driving && `${Math.round(d.position!.speed!)} km/h`, d.record?.plate].filter(Boolean).join(' · ');
}
