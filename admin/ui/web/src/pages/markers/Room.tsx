// The list or the box with the fields on one side, the map on the other.
import { Button, Center, Group, Loader, Stack, Text, TextInput, Title, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconPlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { usePlaces } from '@/pages/map/places';
import '@/pages/geofences/geofences.css';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RowButton } from '@/parts/RowButton';
import { Form } from './Form';
import { icons } from './icons';
import { MarkerMap, type Spot } from './MarkerMap';
import { words } from './words';

type Marker = Schemas['Marker'];

export function Room({ owner, filter, level }: { owner?: string; filter?: ReactNode; level?: 3 }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const { areas, markers } = usePlaces(owner);
  const [editing, setEditing] = useState<{ marker?: Marker }>();
  const [spot, setSpot] = useState<Spot>();
  const [selected, setSelected] = useState('');
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const query = useInfiniteQuery({
    queryKey: ['markers', 'list', owner, search], placeholderData: keepPreviousData,
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/markers', { params: { query: { owner, search: search || undefined, limit: 100, after: pageParam || undefined } } })).data!,
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined,
  });
  const list = query.data?.pages.flatMap((p) => p.items) ?? [];
  const changed = () => { void client.invalidateQueries({ queryKey: ['markers'] }); };
  const remove = (m: Marker) => confirmDelete(t as never, m.name, t('noUndo'), () => http.DELETE('/api/v1/markers/{id}', { params: { path: { id: m.id }, query: { version: m.version } } }), changed);
  const edit = (m?: Marker, at?: Spot) => {
    setEditing({ marker: m });
    setSelected(m?.id ?? '');
    setSpot(m ? { lon: m.lon, lat: m.lat, colour: m.colour || '#0b7285', name: m.name } : at);
  };
  const end = (id = '') => { setEditing(undefined); setSpot(undefined); setSelected(id); };
  return (
    <div className="fences" data-level={level} data-editing={editing ? true : undefined}>
      <section className="fence-side" aria-label={t('markers')}>
        {editing ? <Form key={editing.marker?.id ?? 'new'} marker={editing.marker} owner={owner} spot={spot} onSpot={setSpot} onCancel={() => end()} onSaved={(m) => { changed(); end(m.id); }} /> : (
          <>
            <Stack gap="xs" p={level ? 'sm' : 'md'} pb="xs">
              <Group justify="space-between"><Title order={level ?? 2} size="h3" component={level ? 'h2' : 'h1'}>{t('markers')}</Title>
                {can('marker.create') && <Button size="xs" leftSection={<IconPlus size={15} />} aria-label={t('addMarker')} onClick={() => edit()}>{t('add')}</Button>}</Group>
              {filter}
              <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
            </Stack>
            {query.isPending ? <Center p="xl"><Loader aria-label={t('loading')} /></Center> : list.length === 0 && (
              <Stack align="center" gap={4} p="lg"><Text fw={650}>{search ? t('nothingFound') : t('noMarkers')}</Text>{!search && <Text size="sm" c="dimmed" ta="center">{t('noMarkersText')}</Text>}</Stack>
            )}
            <ul className="fence-list">
              {list.map((m) => {
                const [Glyph, word] = icons[m.icon] ?? icons.pin;
                return (
                  <li key={m.id} className="fence-row" data-id={m.id} data-chosen={m.id === selected || undefined}>
                    <UnstyledButton className="fence-pick" onClick={() => setSelected(m.id)}>
                      <Glyph size={20} color={m.colour || '#0b7285'} stroke={2} aria-label={t(word)} />
                      <span style={{ minWidth: 0 }}><Text span display="block" size="sm" fw={600} truncate>{m.name}</Text><Text span display="block" size="xs" c="dimmed" lineClamp={1}>{m.note || <span className="tabular">{m.lat.toFixed(5)}, {m.lon.toFixed(5)}</span>}</Text></span>
                    </UnstyledButton>
                    {can('marker.update') && <RowButton label={`${t('edit')}: ${m.name}`} icon={IconEdit} color="green" onClick={() => edit(m)} />}
                    {can('marker.delete') && <RowButton label={`${t('delete')}: ${m.name}`} icon={IconTrash} color="red" onClick={() => remove(m)} />}
                  </li>
                );
              })}
              {query.hasNextPage && <li><Center p="sm"><Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center></li>}
            </ul>
          </>
        )}
      </section>
      <div className="fence-map">
        <MarkerMap areas={areas} markers={markers.filter((m) => m.id !== editing?.marker?.id)} selected={markers.find((m) => m.id === selected)} spot={spot}
          setting={editing !== undefined} onPick={setSelected} onPlace={(lon, lat) => setSpot((s) => ({ colour: '#0b7285', name: '', ...s, lon, lat }))} />
        {editing && <div className="fence-help" role="status">{spot ? t('clickHint') : t('clickMap')}</div>}
      </div>
    </div>
  );
}
