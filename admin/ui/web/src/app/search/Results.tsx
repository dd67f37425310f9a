import { Center, Group, Loader, ScrollArea, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { IconBuilding, IconCar, IconPolygon, IconSearch, IconUser, IconUserShield, type Icon } from '@tabler/icons-react';
import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import { http } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { menu, words as menuWords } from '../menu';
import { kinds, pagesFor, pathOf, step, type Found } from './search';
import { words } from './words';

const icons: Record<Found['kind'], Icon> = { device: IconCar, customer: IconBuilding, user: IconUser, operator: IconUserShield, fence: IconPolygon };

interface Row { key: string; name: string; detail?: string; to: string; icon: Icon }

export function Results({ close }: { close: () => void }) {
  const t = useT({ ...menuWords, ...words });
  const me = useMe();
  const router = useRouter();
  const navigate = useNavigate();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed.trim(), 180);
  const [at, setAt] = useState(0);
  const query = useQuery({
    queryKey: ['search', text], enabled: text.length > 0, placeholderData: keepPreviousData,
    queryFn: async () => (await http.GET('/api/v1/search', { params: { query: { q: text.slice(0, 120), limit: 6 } } })).data!.items,
  });
  const found = text ? (query.data ?? []) : [];
  const entries = menu.flatMap((g) => g.entries).filter((e) => e.to in router.routesByPath && (!e.when || e.when(me)))
    .map((e) => ({ key: e.word, name: t(e.word), to: e.to, icon: e.icon }));
  const groups: { label: string; rows: Row[] }[] = [
    ...kinds.map((kind) => ({
      label: t(`${kind}s`),
      rows: found.filter((f) => f.kind === kind).map((f) => ({ key: f.id, name: f.name, detail: [f.detail, f.customerName].filter(Boolean).join(' · '), to: pathOf(f), icon: icons[kind] })),
    })),
    { label: t('pages'), rows: pagesFor(entries, text) },
  ].filter((g) => g.rows.length > 0);
  const rows = groups.flatMap((g) => g.rows);
  const chosen = Math.min(at, rows.length - 1);
  useEffect(() => setAt(0), [text]);
  useEffect(() => { document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' }); }, [chosen, id]);

  const go = (row: Row | undefined) => {
    if (!row) return;
    close();
    void navigate({ to: row.to as string });
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') { e.preventDefault(); setAt(step(chosen, e.key === 'ArrowDown' ? 1 : -1, rows.length)); }
    if (e.key === 'Enter') { e.preventDefault(); go(rows[chosen]); }
  };
  let n = -1;
  return (
    <div onKeyDown={onKey}>
      <TextInput data-autofocus size="lg" variant="unstyled" px="sm" role="combobox" aria-expanded={rows.length > 0} aria-controls={rows.length ? id : undefined} aria-autocomplete="list" aria-activedescendant={rows.length ? `${id}-${chosen}` : undefined}
        aria-label={t('searchAll')} placeholder={t('hint')} leftSection={<IconSearch size={20} />} rightSection={query.isFetching ? <Loader size="xs" aria-label={t('loading')} /> : undefined} maxLength={120} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
      <ScrollArea.Autosize mah="60dvh" type="auto" style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}>
        {rows.length > 0 ? (
          <div id={id} role="listbox" aria-label={t('results')} style={{ padding: 6 }}>
            {groups.map((g) => (
              <div key={g.label} role="group" aria-label={g.label}>
                <Text size="xs" fw={650} c="dimmed" px={10} pt={8} pb={2} aria-hidden>{g.label}</Text>
                {g.rows.map((row) => {
                  const mine = ++n;
                  return (
                    <div key={row.key} id={`${id}-${mine}`} role="option" aria-selected={mine === chosen} className="choice" style={{ cursor: 'pointer' }} onMouseMove={() => setAt(mine)} onClick={() => go(row)}>
                      <Group gap="sm" wrap="nowrap"><row.icon size={18} stroke={1.6} /><div style={{ minWidth: 0 }}><Text size="sm" fw={550} truncate>{row.name}</Text>{row.detail && <Text size="xs" c="dimmed" truncate>{row.detail}</Text>}</div></Group>
                    </div>
                  );
                })}
              </div>
            ))}
          </div>
        ) : (
          <Center p="lg"><Text c="dimmed" size="sm" ta="center" role="status">{query.isError ? query.error.message : text && !query.isFetching ? t('nothingFound') : t('help')}</Text></Center>
        )}
      </ScrollArea.Autosize>
    </div>
  );
}
