import { Button, Group, Stack, TagsInput, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { useChange } from '../data';
import type { TabProps } from '../tabs';
import { words } from '../words';
import { own } from './words';

/** Free tags; those that the company set up are offered. */
export default function Tags({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ tags: words.tags }) });
  const can = useCan();
  const change = useChange(customer);
  const [tags, setTags] = useState(customer.tags ?? []);
  const [busy, setBusy] = useState(false);
  const known = useQuery({
    queryKey: ['labels', 'of-customer', customer.company], enabled: can('label.read'),
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { owner: customer.company, limit: 1000 } } })).data!.items.filter((l) => l.of === 'customer'),
  }).data?.filter((l) => l.sort === 'tag') ?? [];
  const save = async () => {
    setBusy(true);
    await change({ tags }).catch(sayProblem);
    setBusy(false);
  };
  return (
    <Stack maw={620}>
      <Title order={2} size="h3">{t('tags')}</Title>
      <Text size="sm" c="dimmed">{t('tagsText')}</Text>
      <TagsInput label={t('tags')} description={t('tagHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} maxTags={50} value={tags} onChange={setTags} data={known.map((l) => l.name)} />
      <Group><Button loading={busy} onClick={save}>{t('save')}</Button></Group>
    </Stack>
  );
}
