// Chooses the customer that another one stands below, by searching on the server.
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useT } from '@/i18n';
import { words } from '../words';

export function ParentSelect({ stored, value, onChange, ...props }: SelectProps & { stored?: Schemas['Customer'] }) {
  const t = useT(words);
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const found = useQuery({
    queryKey: ['customers', 'choices', search],
    queryFn: async () => (await http.GET('/api/v1/customers', { params: { query: { search: search || undefined, limit: 20 } } })).data!.items,
  }).data ?? [];
  const above = stored?.path.at(-1);
  const data = found.filter((c) => c.id !== stored?.id).map((c) => ({ value: c.id, label: c.name }));
  if (above && !data.some((d) => d.value === above.id)) data.unshift({ value: above.id, label: above.name });
  return (
    <Select label={t('parent')} placeholder={t('parentNone')} searchable clearable data={data} filter={({ options }) => options} onSearchChange={setTyped}
      nothingFoundMessage={t('nothingFound')} {...props} value={(value as string) || null} onChange={(v, o) => onChange?.((v ?? '') as never, o)} />
  );
}
