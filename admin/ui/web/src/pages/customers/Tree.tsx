// Customers with their inner customers below them; each branch is loaded when
// it is opened, so that a company with very many stays quick.
import { ActionIcon, Alert, Box, Button, Center, Group, Loader, ScrollArea, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconChevronDown, IconChevronRight, IconPlus } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import type { Column } from '@/parts/RecordList';
import { words } from './words';

type Customer = Schemas['Customer'];

interface Props {
  columns: Column<Customer>[];
  tools: (c: Customer) => ReactNode;
  filters: ReactNode;
  onNew?: () => void;
}

const shown = ['code', 'type', 'plan', 'devices', 'users', 'status'];

export function Tree({ columns, tools, filters, onNew }: Props) {
  const t = useT(words);
  const me = useMe();
  const top = me.user.customer ?? me.user.company ?? '';
  const cols = columns.filter((c) => shown.includes(c.key));
  return (
    <Stack gap="sm" p="md">
      <Group justify="space-between">
        <Title order={2} component="h1">{t('customers')}</Title>
        {onNew && <Button leftSection={<IconPlus size={16} />} onClick={onNew}>{t('new')}</Button>}
      </Group>
      <Group gap="xs">{filters}</Group>
      <ScrollArea type="auto">
        <Table highlightOnHover verticalSpacing="xs">
          <Table.Thead><Table.Tr><Table.Th>{t('name')}</Table.Th>{cols.map((c) => <Table.Th key={c.key} ta={c.align}>{c.label}</Table.Th>)}<Table.Th ta="right">{t('actions')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody><Branch owner={top} depth={0} cols={cols} tools={tools} /></Table.Tbody>
        </Table>
      </ScrollArea>
    </Stack>
  );
}

function Branch({ owner, depth, cols, tools }: { owner: string; depth: number; cols: Column<Customer>[]; tools: Props['tools'] }) {
  const t = useT(words);
  const navigate = useNavigate();
  const [open, setOpen] = useState<string[]>([]);
  const query = useInfiniteQuery({
    queryKey: ['customers', 'branch', owner],
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/customers', { params: { query: { owner, limit: 50, after: pageParam || undefined } } })).data!,
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined,
  });
  const span = cols.length + 2;
  if (query.isPending) return <Table.Tr><Table.Td colSpan={span}><Center p="xs"><Loader size="sm" aria-label={t('loading')} /></Center></Table.Td></Table.Tr>;
  if (query.isError) return <Table.Tr><Table.Td colSpan={span}><Alert color="red" role="alert">{query.error.message}</Alert></Table.Td></Table.Tr>;
  const rows = query.data.pages.flatMap((p) => p.items);
  if (!rows.length) return <Table.Tr><Table.Td colSpan={span}><Text c="dimmed" size="sm" ta="center" p="md">{t('emptyTitle')}</Text></Table.Td></Table.Tr>;
  return (
    <>
      {rows.map((c) => {
        const has = c.counts.innerCustomers > 0, isOpen = open.includes(c.id);
        return [
          <Table.Tr key={c.id} data-id={c.id} tabIndex={0} style={{ cursor: 'pointer' }} aria-level={depth + 1}
            onKeyDown={(e) => { if (e.key === 'Enter' && e.target === e.currentTarget) void navigate({ to: `/customers/${c.id}` as string }); }}
            onClick={(e) => { if (!(e.target as HTMLElement).closest('a,button')) void navigate({ to: `/customers/${c.id}` as string }); }}>
            <Table.Td>
              <Group gap={4} wrap="nowrap" pl={depth * 24}>
                {has ? <ActionIcon variant="subtle" color="gray" size="sm" aria-expanded={isOpen} aria-label={`${t('open')}: ${c.name}`} onClick={() => setOpen(isOpen ? open.filter((o) => o !== c.id) : [...open, c.id])}>{isOpen ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}</ActionIcon> : <Box w={22} />}
                <Text size="sm" fw={600}>{c.name}</Text>
              </Group>
            </Table.Td>
            {cols.map((col) => <Table.Td key={col.key} ta={col.align}>{col.render(c)}</Table.Td>)}
            <Table.Td ta="right"><Group gap={4} justify="flex-end" wrap="nowrap">{tools(c)}</Group></Table.Td>
          </Table.Tr>,
          isOpen && <Branch key={`${c.id}-inner`} owner={c.id} depth={depth + 1} cols={cols} tools={tools} />,
        ];
      })}
      {query.hasNextPage && <Table.Tr><Table.Td colSpan={span}><Center><Button variant="subtle" size="xs" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center></Table.Td></Table.Tr>}
    </>
  );
}
