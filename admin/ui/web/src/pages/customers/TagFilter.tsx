import { Autocomplete } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { words } from './words';

/** Narrows the list to one tag: those set up as labels are offered, any other is typed. */
export function TagFilter({ onPick }: { onPick: (tag: string) => void }) {
  const t = useT(words);
  const can = useCan();
  const [value, setValue] = useState('');
  const labels = useQuery({
    queryKey: ['labels', 'customer-tags'], enabled: can('label.read'), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { limit: 1000 } } })).data!.items.filter((l) => l.of === 'customer').map((l) => l.name),
  }).data ?? [];
  const pick = (tag: string) => { if (tag.trim()) onPick(tag.trim()); setValue(''); };
  return (
    <Autocomplete aria-label={t('tagFilter')} placeholder={t('tagFilter')} w={180} leftSection={<IconTag size={16} />} data={[...new Set(labels)]} value={value} onChange={setValue}
      onOptionSubmit={pick} onKeyDown={(e) => { if (e.key === 'Enter') pick(value); }} />
  );
}
