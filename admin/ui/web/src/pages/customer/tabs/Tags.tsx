import { Button, Group, MultiSelect, Stack, TagsInput, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { useChange } from '../data';
import type { TabProps } from '../tabs';
import { words } from '../words';
import { own } from './words';

/** Free tags, and the company's groups of customers. */
export default function Tags({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ tags: words.tags }) });
  const can = useCan();
  const client = useQueryClient();
  const change = useChange(customer);
  const [tags, setTags] = useState(customer.tags ?? []);
  const [busy, setBusy] = useState(false);
  const labels = useQuery({
    queryKey: ['labels', 'of-customer', customer.company], enabled: can('label.read'),
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { owner: customer.company, limit: 1000 } } })).data!.items.filter((l) => l.of === 'customer'),
  }).data ?? [];
  const groups = labels.filter((l) => l.sort === 'group');
  const inside = groups.filter((g) => g.customers?.includes(customer.id)).map((g) => g.id);
  const [chosen, setChosen] = useState<string[]>();
  const save = async () => {
    setBusy(true);
    try {
      await change({ tags });
      for (const g of groups) { // a group carries its customers, so each group that gains or loses this one is saved
        const has = inside.includes(g.id), wants = (chosen ?? inside).includes(g.id);
        if (has === wants) continue;
        const customers = wants ? [...(g.customers ?? []), customer.id] : (g.customers ?? []).filter((id) => id !== customer.id);
        await http.PUT('/api/v1/labels/{id}', { params: { path: { id: g.id } }, body: { ...g, customers } });
      }
      await client.invalidateQueries({ queryKey: ['labels'] });
      setChosen(undefined);
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack maw={620}>
      <Title order={2} size="h3">{t('tags')}</Title>
      <Text size="sm" c="dimmed">{t('tagsText')}</Text>
      <TagsInput label={t('tags')} description={t('tagHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} maxTags={50} value={tags} onChange={setTags} data={labels.filter((l) => l.sort === 'tag').map((l) => l.name)} />
      {can('label.update') && <MultiSelect label={t('groups')} description={groups.length ? undefined : t('groupsText')} data={groups.map((g) => ({ value: g.id, label: g.name }))} value={chosen ?? inside} onChange={setChosen} disabled={!groups.length} searchable />}
      <Group><Button loading={busy} onClick={save}>{t('save')}</Button></Group>
    </Stack>
  );
}
