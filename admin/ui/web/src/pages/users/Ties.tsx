import { Alert, Badge, Button, Center, Checkbox, Group, Loader, Stack, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { IconSearch, IconUnlink } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { When } from '@/parts/time';
import type { Category } from './People';
import { words } from './words';

/** Who is tied: ticked and dissociated, one or all. */
export function Ties({ category }: { category: Category }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 250);
  const [ticked, setTicked] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ['associations', category, search],
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/associations', { params: { query: { search: search || undefined, limit: 500, after: pageParam || undefined } } })).data!,
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined,
  });
  const rows = (query.data?.pages.flatMap((p) => p.items) ?? []).filter((k) => (category === 'operators') === (k.subject === 'operator'));
  const chosen = ticked.filter((id) => rows.some((r) => r.id === id));
  const end = async () => {
    setBusy(true);
    await http.POST('/api/v1/associations/dissociate', { body: { ids: chosen } }).then(() => {
      notifications.show({ color: 'green', message: t('untied', { n: chosen.length }) });
      setTicked([]);
      return client.invalidateQueries({ queryKey: ['associations'] });
    }, sayProblem);
    setBusy(false);
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} w={260} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
        {can('association.delete') && <Button color="red" variant="light" leftSection={<IconUnlink size={16} />} disabled={!chosen.length} loading={busy} onClick={end}>{t('dissociate')}{chosen.length ? ` (${chosen.length})` : ''}</Button>}
      </Group>
      {query.isError && <Alert color="red" role="alert">{query.error.message}</Alert>}
      {query.isPending ? <Center p="md"><Loader size="sm" aria-label={t('loading')} /></Center> : rows.length === 0 ? <Text c="dimmed" ta="center" p="lg">{search ? t('nothingFound') : t('nobodyTied')}</Text> : (
        <Table.ScrollContainer minWidth={320}>
          <Table verticalSpacing="xs" highlightOnHover>
            <Table.Thead><Table.Tr>
              <Table.Th w={36}><Checkbox aria-label={t('all')} checked={chosen.length === rows.length} indeterminate={chosen.length > 0 && chosen.length < rows.length} onChange={(e) => setTicked(e.currentTarget.checked ? rows.map((r) => r.id!) : [])} /></Table.Th>
              <Table.Th>{t('name')}</Table.Th><Table.Th>{t('mode')}</Table.Th><Table.Th visibleFrom="xs">{t('time')}</Table.Th>
            </Table.Tr></Table.Thead>
            <Table.Tbody>
              {rows.map((k) => (
                <Table.Tr key={k.id}>
                  <Table.Td><Checkbox aria-label={k.name} checked={ticked.includes(k.id!)} onChange={(e) => setTicked(e.currentTarget.checked ? [...ticked, k.id!] : ticked.filter((id) => id !== k.id))} /></Table.Td>
                  <Table.Td fw={600}>{k.name}</Table.Td><Table.Td><Badge variant="light" tt="none" color={k.mode === 'work' ? 'teal' : 'gray'}>{t(k.mode === 'work' ? 'modeWork' : 'modeView')}</Badge></Table.Td><Table.Td visibleFrom="xs"><When time={k.created} /></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {query.hasNextPage && <Center><Button variant="subtle" onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center>}
    </Stack>
  );
}
