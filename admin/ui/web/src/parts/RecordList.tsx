// Every list of the product: searched, filtered, sorted and paged by the
// server, with its state in the address so that back and reload keep it.
import { ActionIcon, Alert, Button, Center, Checkbox, Group, Loader, Menu, ScrollArea, Stack, Table, Text, TextInput, Title, Tooltip, UnstyledButton } from '@mantine/core';
import { useDebouncedCallback, useHotkeys, useLocalStorage } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconArrowDown, IconArrowUp, IconColumns3, IconPlus, IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useT } from '@/i18n';
import type { ListScreen } from '@/pages/views/address';
import { SavedViews } from './SavedViews';

export interface Column<R> {
  key: string;
  label: string;
  render: (row: R) => ReactNode;
  /** The server's name to sort by; absent: not sortable. */
  sort?: string;
  /** Not shown until chosen. */
  extra?: boolean;
  align?: 'right';
}

export interface Page<R> { items: R[]; next?: string }
/** What a list is asked with. Each list of the API names what it sorts by; a column's sort is one of those. */
export type ListParams = { after?: string; limit: number; search?: string; sort?: never } & Record<string, string | number | undefined>;

interface Props<R> {
  /** Names the list: its query's key begins with it, and its columns are remembered by it. */
  name: string;
  /** Whose list it is, where there is one for each customer. */
  scope?: string;
  title: string;
  /** Deeper in a panel's tab there is no title of its own. */
  level?: 2 | 3;
  load: (params: ListParams) => Promise<Page<R>>;
  columns: Column<R>[];
  rowKey: (row: R) => string;
  /** What the address's search part may filter by, besides search and sort. */
  filterKeys?: string[];
  filters?: ReactNode;
  newLabel?: string;
  onNew?: () => void;
  /** Beside New: other ways to many records. */
  newMore?: ReactNode;
  onOpen?: (row: R) => void;
  rowActions?: (row: R) => ReactNode;
  tools?: ReactNode;
  empty: { title: string; text?: string; action?: ReactNode };
  searchable?: boolean;
  /** It offers saved views of this screen. */
  views?: ListScreen;
  /** Selected rows, where things can be done to many at once. */
  selected?: string[];
  onSelect?: (keys: string[]) => void;
  /** What a row's tick is called; absent: its key. */
  rowName?: (row: R) => string;
}

export function RecordList<R>(p: Props<R>) {
  const t = useT();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const set = (change: Record<string, string | undefined>) =>
    navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const [typed, setTyped] = useState(params.search ?? '');
  const search = useDebouncedCallback((v: string) => set({ search: v || undefined }), 250);
  const box = useRef<HTMLInputElement>(null);
  useHotkeys([['n', () => p.onNew?.()]]);
  const [hidden, setHidden] = useLocalStorage<string[]>({ key: `columns.${p.name}`, defaultValue: p.columns.filter((c) => c.extra).map((c) => c.key) });

  const filter: Record<string, string | undefined> = { search: params.search, sort: params.sort };
  for (const k of p.filterKeys ?? []) filter[k] = params[k];
  const query = useInfiniteQuery({
    queryKey: [p.name, filter, p.scope],
    queryFn: ({ pageParam }) => p.load({ limit: 50, ...filter, after: pageParam || undefined } as ListParams),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  // A saved view says which columns it shows; else those that were chosen here last.
  const viewed = p.views && params.columns?.split('.');
  const isShown = (key: string) => (viewed ? viewed.includes(key) : !hidden.includes(key));
  const columns = viewed ? viewed.map((key) => p.columns.find((c) => c.key === key)).filter((c) => c !== undefined) : p.columns.filter((c) => isShown(c.key));
  const toggle = (key: string) => {
    const without = isShown(key);
    if (viewed) void set({ columns: (without ? viewed.filter((k) => k !== key) : [...viewed, key]).join('.') || undefined });
    else setHidden(without ? [...hidden, key] : hidden.filter((k) => k !== key));
  };
  const filtered = Object.values(filter).some(Boolean);

  const sentinel = useRef<HTMLDivElement>(null);
  useEffect(() => { // the next page comes when its place is scrolled to
    const node = sentinel.current;
    if (!node) return;
    const watch = new IntersectionObserver((seen) => { if (seen[0]?.isIntersecting && query.hasNextPage && !query.isFetching) query.fetchNextPage(); });
    watch.observe(node);
    return () => watch.disconnect();
  }, [query.hasNextPage, query.isFetching, rows.length]);

  const onKey = (e: KeyboardEvent<HTMLTableRowElement>, row: R) => {
    const to = e.key === 'ArrowDown' ? e.currentTarget.nextElementSibling : e.key === 'ArrowUp' ? e.currentTarget.previousElementSibling : null;
    if (to) { e.preventDefault(); (to as HTMLElement).focus(); }
    if (e.key === 'Enter' && e.target === e.currentTarget) p.onOpen?.(row);
  };
  const tick = (key: string, on: boolean) => p.onSelect?.(on ? [...(p.selected ?? []), key] : (p.selected ?? []).filter((k) => k !== key));

  return (
    <Stack gap="sm" p={p.level === 3 ? 0 : 'md'} h="100%" style={{ minHeight: 0 }}>
      <Group justify="space-between" wrap="wrap" gap="sm">
        <Title order={p.level ?? 2} component={p.level ? 'h2' : 'h1'}>{p.title}</Title>
        <Group gap="xs">
          {p.tools}
          {p.onNew && p.newLabel && <Button leftSection={<IconPlus size={16} />} onClick={p.onNew}>{p.newLabel}</Button>}
          {p.newMore}
        </Group>
      </Group>
      <Group gap="xs" wrap="wrap">
        {p.searchable !== false && (
          <TextInput ref={box} aria-label={t('search')} placeholder={t('search')} leftSection={<IconSearch size={16} />} w={{ base: '100%', xs: 260 }} type="search"
            value={typed} onChange={(e) => { setTyped(e.currentTarget.value); search(e.currentTarget.value); }} />
        )}
        {p.filters}
        {p.views && <SavedViews screen={p.views} asked={params} columns={columns.map((c) => c.key)} onGo={setTyped} />}
        <Menu position="bottom-end">
          <Menu.Target><Tooltip label={t('columns')}><ActionIcon variant="default" size={36} ml={p.views ? undefined : 'auto'} aria-label={t('columns')}><IconColumns3 size={18} /></ActionIcon></Tooltip></Menu.Target>
          <Menu.Dropdown>
            {p.columns.map((c) => (
              <Menu.CheckboxItem key={c.key} checked={isShown(c.key)} onChange={() => toggle(c.key)}>{c.label}</Menu.CheckboxItem>
            ))}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {query.isError && <Alert color="red" role="alert">{query.error.message} <Button size="compact-xs" variant="white" onClick={() => query.refetch()}>{t('retry')}</Button></Alert>}
      {query.isPending ? <Center p="xl"><Loader aria-label={t('loading')} /></Center> : rows.length === 0 && !query.isError ? (
        <Center p="xl"><Stack align="center" gap={6} maw={420}>
          <Title order={3} component="p" ta="center">{filtered ? t('nothingFound') : p.empty.title}</Title>
          {!filtered && <><Text c="dimmed" ta="center">{p.empty.text}</Text>{p.empty.action}</>}
        </Stack></Center>
      ) : (
        <ScrollArea style={{ flex: 1, minHeight: 0 }} type="auto">
          <Table highlightOnHover stickyHeader verticalSpacing="xs" horizontalSpacing={8}>
            <Table.Thead>
              <Table.Tr>
                {p.onSelect && <Table.Th w={36}><Checkbox aria-label={t('all')} checked={rows.length > 0 && rows.every((r) => p.selected?.includes(p.rowKey(r)))}
                  onChange={(e) => p.onSelect!(e.currentTarget.checked ? rows.map(p.rowKey) : [])} /></Table.Th>}
                {columns.map((c) => {
                  const dir = params.sort === c.sort ? 'ascending' : params.sort === '-' + c.sort ? 'descending' : 'none';
                  return (
                    <Table.Th key={c.key} ta={c.align} aria-sort={c.sort ? dir : undefined} style={{ whiteSpace: 'nowrap' }}>
                      {!c.sort ? c.label : (
                        <UnstyledButton fz="sm" fw={700} onClick={() => set({ sort: dir === 'ascending' ? '-' + c.sort : c.sort })}>
                          <Group gap={4} wrap="nowrap">{c.label}{dir === 'ascending' ? <IconArrowUp size={14} /> : dir === 'descending' && <IconArrowDown size={14} />}</Group>
                        </UnstyledButton>
                      )}
                    </Table.Th>
                  );
                })}
                {p.rowActions && <Table.Th ta="right">{t('actions')}</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => {
                const key = p.rowKey(row);
                return (
                  <Table.Tr key={key} data-id={key} tabIndex={p.onOpen ? 0 : undefined} onKeyDown={(e) => onKey(e, row)} style={{ cursor: p.onOpen ? 'pointer' : undefined }}
                    onClick={(e) => { if (p.onOpen && !(e.target as HTMLElement).closest('a,button,input,label')) p.onOpen(row); }}>
                    {p.onSelect && <Table.Td><Checkbox aria-label={p.rowName?.(row) ?? key} checked={p.selected?.includes(key) ?? false} onChange={(e) => tick(key, e.currentTarget.checked)} /></Table.Td>}
                    {columns.map((c) => <Table.Td key={c.key} ta={c.align}>{c.render(row)}</Table.Td>)}
                    {p.rowActions && <Table.Td ta="right"><Group gap={4} justify="flex-end" wrap="nowrap">{p.rowActions(row)}</Group></Table.Td>}
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
          <div ref={sentinel} />
          {query.hasNextPage && <Center p="sm"><Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center>}
        </ScrollArea>
      )}
    </Stack>
  );
}
