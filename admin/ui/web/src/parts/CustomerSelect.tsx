// Chooses a customer by searching on the server.
import { Select, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useT } from '@/i18n';

interface Props extends SelectProps {
  /** Not offered, such as the customer itself. */
  except?: string;
}

export function CustomerSelect({ except, value, onChange, ...props }: Props) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed, 250);
  const found = useQuery({
    queryKey: ['customers', 'choices', search],
    queryFn: async () => (await http.GET('/api/v1/customers', { params: { query: { search: search || undefined, limit: 20 } } })).data!.items,
  }).data ?? [];
  const chosen = useQuery({ // it may not be among the found ones
    queryKey: ['customer', value], enabled: Boolean(value),
    queryFn: async () => (await http.GET('/api/v1/customers/{id}', { params: { path: { id: value as string } } })).data!,
  }).data;
  const data = found.filter((c) => c.id !== except).map((c) => ({ value: c.id, label: c.name }));
  if (chosen && !data.some((d) => d.value === chosen.id)) data.unshift({ value: chosen.id, label: chosen.name });
  return (
    <Select searchable clearable={!props.required} data={data} filter={({ options }) => options} onSearchChange={setTyped} nothingFoundMessage={t('nothingFound')} {...props}
      value={(value as string) || null} onChange={(v, o) => onChange?.((v ?? '') as never, o)} />
  );
}
