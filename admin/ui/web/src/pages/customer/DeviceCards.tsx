import { Alert, Anchor, Badge, Button, Card, Center, Group, Loader, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { Schemas } from '@/api/client';
import { useLang, useT } from '@/i18n';
import type { ListParams, Page } from '@/parts/RecordList';
import { Ago } from '@/parts/time';
import { words } from './words';

type Device = Schemas['Device'];

interface Props {
  scope: string;
  title: string;
  load: (params: ListParams) => Promise<Page<Device>>;
  filters: ReactNode;
  tools?: ReactNode;
  newLabel: string;
  onNew?: () => void;
  empty: { title: string; text?: string };
  actions: (d: Device) => ReactNode;
  last?: Map<string, Schemas['PositionView']>;
}

/** The same devices as the list has, a card each. */
export function DeviceCards(p: Props) {
  const t = useT(words);
  const { lang } = useLang();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const query = useInfiniteQuery({
    queryKey: ['devices', { cards: true, search }, p.scope],
    queryFn: ({ pageParam }) => p.load({ limit: 60, search: search || undefined, after: pageParam || undefined }),
    initialPageParam: '', getNextPageParam: (l) => l.next || undefined,
  });
  const devices = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="sm">
      <Group justify="space-between"><Title order={2} size="h3">{p.title}</Title><Group gap="xs">{p.tools}{p.onNew && <Button leftSection={<IconPlus size={16} />} onClick={p.onNew}>{p.newLabel}</Button>}</Group></Group>
      <Group gap="xs">
        <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} w={{ base: '100%', xs: 260 }} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
        {p.filters}
      </Group>
      {query.isError && <Alert color="red" role="alert">{query.error.message}</Alert>}
      {query.isPending ? <Center p="xl"><Loader aria-label={t('loading')} /></Center> : devices.length === 0 ? (
        <Center p="xl"><Stack align="center" gap={6} maw={420}><Title order={3} ta="center">{search ? t('nothingFound') : p.empty.title}</Title>{!search && <Text c="dimmed" ta="center">{p.empty.text}</Text>}</Stack></Center>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="sm">
          {devices.map((d) => {
            const at = p.last?.get(d.id);
            return (
              <Card key={d.id} withBorder padding="sm" radius="md">
                <Group justify="space-between" wrap="nowrap" gap={6}>
                  <Anchor component={Link} to={`/devices/${d.id}` as string} fw={600} truncate>{d.name}</Anchor>
                  {d.disabled && <Badge size="sm" color="gray" variant="light" tt="none">{t('disabled')}</Badge>}
                </Group>
                <Text size="xs" c="dimmed" className="tabular" truncate>{[d.plate, d.uniqueId].filter(Boolean).join(' · ')}</Text>
                <Group justify="space-between" mt="sm" wrap="nowrap">
                  <Text size="sm" component="div"><Ago time={at?.time} empty={t('never')} />{at?.speed !== undefined && <Text span size="sm" c="dimmed"> · {new Intl.NumberFormat(lang, { style: 'unit', unit: 'kilometer-per-hour', maximumFractionDigits: 0 }).format(at.speed)}</Text>}</Text>
                  <Group gap={4} wrap="nowrap">{p.actions(d)}</Group>
                </Group>
              </Card>
            );
          })}
        </SimpleGrid>
      )}
      {query.hasNextPage && <Center><Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center>}
    </Stack>
  );
}
