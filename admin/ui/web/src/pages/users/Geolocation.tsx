// The point of an address: typed, found by name, or picked on the map.
import { Autocomplete, Button, Fieldset, Group, NumberInput, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconMapPinOff, IconSearch } from '@tabler/icons-react';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useLang, useT } from '@/i18n';
import { Note } from '@/parts/Note';
import type { PersonValues } from './form';
import { coordinates, type Place } from './places';
import { words } from './words';

const PointMap = lazy(() => import('./PointMap'));

interface Props { form: UseFormReturnType<PersonValues>; locked: boolean; readOnly: boolean; locations: Schemas['Location'][] }

export function Geolocation({ form, locked, readOnly, locations }: Props) {
  const t = useT(words);
  const [typed, setTyped] = useState('');
  const { lat, lon } = form.values;
  const named: Place[] = locations.filter((l) => l.lat != null && l.lon != null).map((l) => ({ name: l.name, lat: l.lat!, lon: l.lon! }));
  const point = coordinates(typed);
  const { lang } = useLang();
  const [asked] = useDebouncedValue(typed.trim(), 250);
  const found = useQuery({ // towns, and addresses where the company has a geocoder
    queryKey: ['places', asked], enabled: asked.length > 1 && !point && !locked && !readOnly, staleTime: 600_000, placeholderData: (old) => old,
    queryFn: async () => (await http.GET('/api/v1/places', { params: { query: { q: asked } } })).data!,
  }).data;
  const countries = new Intl.DisplayNames(lang, { type: 'region' });
  const towns: Place[] = (found?.items ?? []).map((p) => ({ name: [p.name, p.region, p.country && countries.of(p.country)].filter(Boolean).join(', '), lat: p.lat, lon: p.lon }));
  const places = point ? [point] : [...named.filter((p) => p.name.toLowerCase().includes(typed.trim().toLowerCase())), ...towns];
  const set = (la: number | '', lo: number | '') => form.setValues({ lat: la, lon: lo });
  const go = (name: string) => {
    setTyped(name);
    const place = coordinates(name) ?? places.find((p) => p.name === name);
    if (place) set(place.lat, place.lon);
  };
  return (
    <Fieldset legend={t('geolocation')} variant="filled" radius="md" disabled={locked || readOnly}>
      {locked ? <Text size="sm" c="dimmed">{t('saveFirst')}</Text> : (
        <Stack gap="sm">
          <Autocomplete label={t('findPlace')} leftSection={<IconSearch size={16} />} data={[...new Set(places.map((p) => p.name))].slice(0, 8)} filter={({ options }) => options} value={typed} onChange={setTyped} onOptionSubmit={go}
            onKeyDown={(e) => { if (e.key === 'Enter' && point) { e.preventDefault(); go(typed); } }} />
          <Suspense fallback={<Skeleton h={300} radius="md" />}>
            <PointMap lat={lat === '' ? undefined : lat} lon={lon === '' ? undefined : lon} name="" readOnly={readOnly} onPick={(la, lo) => set(la, lo)} />
          </Suspense>
          {!readOnly && lat === '' && <Note grade="tip">{t('clickMap')}</Note>}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput label={t('lat')} min={-90} max={90} decimalScale={7} hideControls {...form.getInputProps('lat')} />
            <NumberInput label={t('lon')} min={-180} max={180} decimalScale={7} hideControls {...form.getInputProps('lon')} />
          </SimpleGrid>
          {lat !== '' && !readOnly && <Group><Button variant="subtle" color="red" size="xs" leftSection={<IconMapPinOff size={15} />} onClick={() => set('', '')}>{t('clearPoint')}</Button></Group>}
        </Stack>
      )}
    </Fieldset>
  );
}
