// Finds a place by its name, for a map: towns, and addresses where the company
// has a geocoder.
import { Autocomplete, Popover, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMapSearch } from '@tabler/icons-react';
import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { texts, useLang, useT } from '@/i18n';

export type Place = Schemas['PlaceFound'];

const words = texts({
  find: ['Find a place', 'Buscar un lugar', 'Buscar um lugar', 'Chercher un lieu'],
  how: ['Town or address', 'Ciudad o dirección', 'Cidade ou endereço', 'Ville ou adresse'],
  none: ['No such place', 'No hay tal lugar', 'Nenhum lugar assim', 'Aucun lieu de ce nom'],
  credit: ['Places: {who}', 'Lugares: {who}', 'Lugares: {who}', 'Lieux : {who}'],
});

export function PlaceSearch({ onPick, size = 36 }: { onPick: (p: Place) => void; size?: number }) {
  const t = useT(words);
  const { lang } = useLang();
  const [opened, open] = useState(false);
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 250);
  const found = useQuery({
    queryKey: ['places', asked], enabled: opened && asked.length > 1, staleTime: 600_000, placeholderData: (old) => old,
    queryFn: async () => (await http.GET('/api/v1/places', { params: { query: { q: asked } } })).data!,
  });
  const countries = new Intl.DisplayNames(lang, { type: 'region' });
  const name = (p: Place) => [p.name, p.region, p.country && countries.of(p.country)].filter(Boolean).join(', ');
  const items = new Map((asked.length > 1 ? found.data?.items ?? [] : []).map((p) => [name(p), p]));
  return (
    <Popover opened={opened} onChange={open} position="left-end" shadow="md" withArrow trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size={size} aria-label={t('find')} title={t('find')} aria-expanded={opened} onClick={() => open(!opened)}><IconMapSearch size={19} stroke={1.7} /></ActionIcon>
      </Popover.Target>
      <Popover.Dropdown w={280}>
        <Autocomplete label={t('find')} placeholder={t('how')} value={text} onChange={setText} data={[...items.keys()]} filter={({ options }) => options} data-autofocus maxLength={120} comboboxProps={{ withinPortal: false }}
          onOptionSubmit={(key) => { const p = items.get(key); if (p) { onPick(p); open(false); } }} />
        <Text size="xs" c="dimmed" mt={6} role="status">{found.data && asked.length > 1 && !items.size ? t('none') : t('credit', { who: found.data?.credit ?? 'GeoNames' })}</Text>
      </Popover.Dropdown>
    </Popover>
  );
}
