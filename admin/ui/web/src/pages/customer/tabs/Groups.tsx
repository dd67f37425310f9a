import { Button, Group, MultiSelect, Stack, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import type { TabProps } from '../tabs';
import { own } from './words';

/** The company's groups of customers that this one is in. */
export default function Groups({ customer }: TabProps) {
  const t = useT(own);
  const can = useCan();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string[]>();
  const [busy, setBusy] = useState(false);
  const groups = useQuery({
    queryKey: ['labels', 'of-customer', customer.company], enabled: can('label.read'),
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { owner: customer.company, limit: 1000 } } })).data!.items.filter((l) => l.of === 'customer'),
  }).data?.filter((l) => l.sort === 'group') ?? [];
  const inside = groups.filter((g) => g.customers?.includes(customer.id)).map((g) => g.id);
  const save = async () => {
    setBusy(true);
    try {
      for (const g of groups) { // a group carries its customers, so each group that gains or loses this one is saved
        const has = inside.includes(g.id), wants = chosen!.includes(g.id);
        if (has === wants) continue;
        const customers = wants ? [...(g.customers ?? []), customer.id] : (g.customers ?? []).filter((id) => id !== customer.id);
        await http.PUT('/api/v1/labels/{id}', { params: { path: { id: g.id } }, body: { ...g, customers } });
      }
      await client.invalidateQueries({ queryKey: ['labels'] });
      notifications.show({ color: 'green', message: t('saved') });
      setChosen(undefined);
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack maw={620}>
      <Title order={2} size="h3">{t('groups')}</Title>
      <Text size="sm" c="dimmed">{t('groupsText')}</Text>
      <MultiSelect label={t('groups')} data={groups.map((g) => ({ value: g.id, label: g.name }))} value={chosen ?? inside} onChange={setChosen} disabled={!groups.length || !can('label.update')} searchable />
      {can('label.update') && <Group><Button loading={busy} disabled={!chosen} onClick={save}>{t('save')}</Button></Group>}
    </Stack>
  );
}
