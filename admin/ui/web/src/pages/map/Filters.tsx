// Whose devices, and with which tag.
import { Group, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { useWorld, type World } from '@/live';
import { words } from './words';

interface Props {
  customer?: string;
  tag?: string;
  onChange: (change: { customer?: string; tag?: string }) => void;
}

export function Filters({ customer, tag, onChange }: Props) {
  const t = useT(words);
  const can = useCan();
  const staff = isStaff(useMe()) && can('customer.read');
  const tags = useWorld(tagsOf);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const found = useQuery({
    queryKey: ['customers', 'pick', search], enabled: staff, placeholderData: keepPreviousData, staleTime: 30_000,
    queryFn: async () => (await http.GET('/api/v1/customers', { params: { query: { search: search || undefined, limit: 30 } } })).data!.items ?? [],
  });
  const chosen = useQuery({
    queryKey: ['customers', 'one', customer], enabled: staff && Boolean(customer), staleTime: 300_000,
    queryFn: async () => (await http.GET('/api/v1/customers/{id}', { params: { path: { id: customer! } } })).data!,
  });
  const options = new Map((found.data ?? []).map((c) => [c.id, c.name]));
  if (customer) options.set(customer, chosen.data?.name ?? options.get(customer) ?? '…');
  if (!staff && !tags.length) return null;
  return (
    <Group gap={8} grow wrap="nowrap">
      {staff && <Select size="xs" aria-label={t('customer')} placeholder={t('anyCustomer')} clearable searchable value={customer ?? null} data={[...options].map(([value, label]) => ({ value, label }))}
        nothingFoundMessage={t('nothingFound')} onSearchChange={setTyped} filter={({ options: all }) => all} onChange={(v) => onChange({ customer: v ?? undefined })} clearButtonProps={{ 'aria-label': t('clearFilters') }} />}
      {tags.length > 0 && <Select size="xs" aria-label={t('tag')} placeholder={t('anyTag')} clearable searchable value={tag ?? null} data={tags} nothingFoundMessage={t('nothingFound')}
        onChange={(v) => onChange({ tag: v ?? undefined })} clearButtonProps={{ 'aria-label': t('clearFilters') }} />}
    </Group>
  );
}

const tagsOf = (w: World) => {
  const all = new Set<string>();
  for (const d of w.devices.values()) d.record?.labels?.forEach((l) => all.add(l));
  return [...all].sort((a, b) => a.localeCompare(b));
};
