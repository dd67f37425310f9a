// The devices of a customer with a checkbox each.
import { Alert, Button, Center, Checkbox, Group, Loader, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { texts, useT } from '@/i18n';

const own = texts({
  chosen: ['{n} chosen', '{n} {n|elegido|elegidos}', '{n} {n|escolhido|escolhidos}', '{n} {n|choisi|choisis}'],
  noDevices: ['There are no devices here yet', 'Aún no hay dispositivos aquí', 'Ainda não há dispositivos aqui', 'Aucun appareil ici pour l’instant'],
});

interface Props {
  /** The customer, or the company for its stock; '' for all that one sees. */
  owner: string;
  value: string[];
  onChange: (ids: string[]) => void;
  height?: number;
}

export function DevicePicker({ owner, value, onChange, height = 320 }: Props) {
  const t = useT(own);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const query = useInfiniteQuery({
    queryKey: ['devices', { owner, search, picker: true }],
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/devices', { params: { query: { owner: owner || undefined, search: search || undefined, limit: 200, after: pageParam || undefined } } })).data!,
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined,
  });
  const devices = query.data?.pages.flatMap((p) => p.items) ?? [];
  const ticked = new Set(value);
  const all = devices.length > 0 && devices.every((d) => ticked.has(d.id));
  const some = devices.some((d) => ticked.has(d.id));

  const tickAll = async (on: boolean) => { // all means all, so the rest of the list is fetched first
    let { data } = query;
    for (let more = query.hasNextPage; more;) { const next = await query.fetchNextPage(); data = next.data; more = next.hasNextPage; }
    const ids = (data?.pages ?? []).flatMap((p) => p.items.map((d) => d.id));
    onChange(on ? [...new Set([...value, ...ids])] : value.filter((id) => !ids.includes(id)));
  };

  return (
    <Stack gap="xs">
      <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
      {query.isError && <Alert color="red" role="alert">{query.error.message}</Alert>}
      {query.isPending ? <Center p="md"><Loader size="sm" aria-label={t('loading')} /></Center> : devices.length === 0 ? <Text c="dimmed" ta="center" p="md">{search ? t('nothingFound') : t('noDevices')}</Text> : (
        <>
          <Group justify="space-between" px="xs">
            <Checkbox label={t('all')} checked={all} indeterminate={some && !all} onChange={(e) => tickAll(e.currentTarget.checked)} />
            <Text size="sm" c="dimmed" role="status">{t('chosen', { n: value.length })}</Text>
          </Group>
          <ScrollArea.Autosize mah={height} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': t('devices') }}>
            <Stack gap={2}>
              {devices.map((d) => (
                <Checkbox key={d.id} px="xs" py={6} label={d.name} description={[d.plate, d.uniqueId].filter(Boolean).join(' · ')} checked={ticked.has(d.id)}
                  onChange={(e) => onChange(e.currentTarget.checked ? [...value, d.id] : value.filter((id) => id !== d.id))} />
              ))}
              {query.hasNextPage && <Button variant="subtle" size="xs" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button>}
            </Stack>
          </ScrollArea.Autosize>
        </>
      )}
    </Stack>
  );
}
