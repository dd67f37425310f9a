// The fences of one owner, or of all that one sees.
import { Button, Center, ColorSwatch, Group, Loader, Stack, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconFileImport, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RowButton } from '@/parts/RowButton';
import type { Fence } from './values';
import { words } from './words';

interface Props {
  owner?: string;
  selected: string;
  filter?: ReactNode;
  level?: 3;
  onPick: (f: Fence) => void;
  onEdit: (f: Fence) => void;
  onNew: () => void;
  onImport: () => void;
}

export function List({ owner, selected, filter, level, onPick, onEdit, onNew, onImport }: Props) {
  const t = useT(words);
  const can = useCan();
  const me = useMe();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const query = useInfiniteQuery({
    queryKey: ['fences', 'list', owner, search], placeholderData: keepPreviousData,
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/fences', { params: { query: { owner, search: search || undefined, limit: 100, after: pageParam || undefined } } })).data!,
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined,
  });
  const fences = query.data?.pages.flatMap((p) => p.items) ?? [];
  const whose = !owner && isStaff(me);
  const name = useNames({ customers: whose ? fences.map((f) => f.owner).filter((id) => id !== me.company?.id) : [] });
  const remove = (f: Fence) => confirmDelete(t as never, f.name, t('noUndo'), () => http.DELETE('/api/v1/fences/{id}', { params: { path: { id: f.id }, query: { version: f.version } } }), () => void client.invalidateQueries({ queryKey: ['fences'] }));
  const says = (f: Fence) => [
    f.inside && t('inside'), f.outside && t('outside'), !f.inside && !f.outside && t('silent'),
    f.targets.all ? t('allDevices') : [f.targets.devices?.length && t('nDevices', { n: f.targets.devices.length }), f.targets.labels?.length && t('nLabels', { n: f.targets.labels.length })].filter(Boolean).join(', ') || t('noTargets'),
    f.paused && t('isPaused'),
  ].filter(Boolean).join(' · ');
  return (
    <>
      <Stack gap="xs" p={level ? 'sm' : 'md'} pb="xs">
        <Group justify="space-between"><Title order={level ?? 2} size="h3" component={level ? 'h2' : 'h1'}>{t('geofences')}</Title>
          {can('fence.create') && <Group gap={6}><RowButton label={t('importFences')} icon={IconFileImport} onClick={onImport} /><Button size="xs" leftSection={<IconPlus size={15} />} aria-label={t('addFence')} onClick={onNew}>{t('add')}</Button></Group>}</Group>
        {filter}
        <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
      </Stack>
      {query.isPending ? <Center p="xl"><Loader aria-label={t('loading')} /></Center> : fences.length === 0 && (
        <Stack align="center" gap={4} p="lg"><Text fw={650}>{search ? t('nothingFound') : t('noFences')}</Text>{!search && can('fence.create') && <Text size="sm" c="dimmed" ta="center">{t('noFencesText')}</Text>}</Stack>
      )}
      <ul className="fence-list">
        {fences.map((f) => (
          <li key={f.id} className="fence-row" data-id={f.id} data-chosen={f.id === selected || undefined}>
            <UnstyledButton className="fence-pick" aria-current={f.id === selected || undefined} onClick={() => onPick(f)}>
              <ColorSwatch size={16} color={f.colour || '#0b7285'} withShadow={false} />
              <span style={{ minWidth: 0 }}><Text span display="block" size="sm" fw={600} truncate c={f.paused ? 'dimmed' : undefined}>{f.name}</Text><Text span display="block" size="xs" c="dimmed">{says(f)}</Text>{whose && name(f.owner) && <Text span display="block" size="xs" c="dimmed" truncate>{name(f.owner)}</Text>}</span>
            </UnstyledButton>
            {can('fence.update') && <RowButton label={`${t('edit')}: ${f.name}`} icon={IconEdit} color="green" onClick={() => onEdit(f)} />}
            {can('fence.delete') && <RowButton label={`${t('delete')}: ${f.name}`} icon={IconTrash} color="red" onClick={() => remove(f)} />}
          </li>
        ))}
        {query.hasNextPage && <li><Center p="sm"><Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center></li>}
      </ul>
    </>
  );
}
