// Whose past, and of which day.
import { ActionIcon, Group, MultiSelect, Stack, Tooltip } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useT } from '@/i18n';
import { dayOf, MOST } from './data';
import { words } from './words';

interface Props {
  ids: string[];
  day: string;
  until?: string;
  owner?: string;
  onChange: (change: { device?: string; day?: string; until?: string }) => void;
}

const shift = (day: string, by: number) => { const d = new Date(`${day}T12:00`); d.setDate(d.getDate() + by); return dayOf(d); };
/** The longest span of one look, days. */
const LONGEST = 7;

export function Choice({ ids, day, until, owner, onChange }: Props) {
  const t = useT(words);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const found = useQuery({
    queryKey: ['devices', 'past', search, owner], placeholderData: keepPreviousData, staleTime: 30_000,
    queryFn: async () => (await http.GET('/api/v1/devices', { params: { query: { search: search || undefined, owner, limit: 50 } } })).data!.items ?? [],
  });
  const name = useNames({ devices: ids });
  const data = new Map((found.data ?? []).map((d) => [d.id, [d.name, d.plate].filter(Boolean).join(' · ')]));
  for (const id of ids) if (!data.has(id)) data.set(id, name(id) || '…');
  const today = dayOf(new Date());
  return (
    <Stack gap={8} p="md" pb="sm">
      <MultiSelect aria-label={t('devices')} placeholder={ids.length ? undefined : t('choose')} searchable value={ids} maxValues={MOST} data={[...data].map(([value, label]) => ({ value, label }))}
        filter={({ options }) => options} nothingFoundMessage={t('nothingFound')} onSearchChange={setTyped} searchValue={typed} hidePickedOptions
        onChange={(v) => { setTyped(''); onChange({ device: v.join(',') || undefined }); }} />
      <Group gap={6} wrap="nowrap">
        <Tooltip label={t('before')}><ActionIcon variant="default" size={36} aria-label={t('before')} onClick={() => onChange({ day: shift(day, -1), until: until && shift(until, -1) })}><IconChevronLeft size={18} /></ActionIcon></Tooltip>
        <DateInput aria-label={t('day')} value={day} maxDate={today} valueFormat="DD MMM YYYY" onChange={(v) => { if (v) onChange({ day: v, until: undefined }); }} style={{ flex: 1, minWidth: 0 }} />
        <DateInput aria-label={t('until')} placeholder={t('until')} value={until ?? null} minDate={day} maxDate={[today, shift(day, LONGEST - 1)].sort()[0]} valueFormat="DD MMM YYYY" clearable
          clearButtonProps={{ 'aria-label': t('delete') }} onChange={(v) => onChange({ until: v && v > day ? v : undefined })} style={{ flex: 1, minWidth: 0 }} />
        <Tooltip label={t('after')}><ActionIcon variant="default" size={36} aria-label={t('after')} disabled={(until ?? day) >= today} onClick={() => onChange({ day: shift(day, 1), until: until && shift(until, 1) })}><IconChevronRight size={18} /></ActionIcon></Tooltip>
      </Group>
    </Stack>
  );
}
