import { Alert, Checkbox, Loader, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { useGroups } from '../groups';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';

/** The groups that a person is in; joining one is asked about when it is saved. */
export default function Groups({ user, form }: StoredProps) {
  const t = useT(words);
  const can = useCan();
  const query = useGroups(user.customer ? 'user' : 'operator');
  const [search, setSearch] = useState('');
  const groups = query.data ?? [];
  if (query.isPending) return <Loader aria-label={t('loading')} />;
  if (query.isError) return <Alert color="red" role="alert">{query.error.message}</Alert>;
  if (!groups.length) return <Text c="dimmed">{t('noGroups')}</Text>;
  const shown = groups.filter((g) => g.name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Stack maw={620}>
      <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} value={search} onChange={(e) => setSearch(e.currentTarget.value)} />
      <Checkbox.Group value={form.values.groups} onChange={(g) => form.setFieldValue('groups', g)} aria-label={t('groups')}>
        <Stack gap="xs">{shown.map((g) => <Checkbox key={g.id} value={g.id!} label={g.name} description={g.note} disabled={!can('label.update')} />)}</Stack>
      </Checkbox.Group>
    </Stack>
  );
}
