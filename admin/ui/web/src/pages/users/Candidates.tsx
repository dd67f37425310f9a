import { Alert, Avatar, Button, Center, Checkbox, Group, Loader, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconLink, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useMe } from '@/api/session';
import { everywhere } from '@/api/workplace';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { ModeChoice } from './Association';
import type { Category } from './People';
import { words } from './words';

/** People of other companies: searched by name, ticked, associated. */
export function Candidates({ category, onDone }: { category: Category; onDone: () => void }) {
  const t = useT(words);
  const me = useMe();
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), 250);
  const [ticked, setTicked] = useState<string[]>([]);
  const [mode, setMode] = useState<'view' | 'work'>('view');
  const [busy, setBusy] = useState(false);
  const query = useQuery({
    queryKey: ['users', 'elsewhere', category, search], enabled: search.length > 0,
    queryFn: async () => (await http.GET('/api/v1/users', { params: { query: { search, limit: 100 } }, ...everywhere })).data!.items,
  });
  const found = (query.data ?? []).filter((u) => u.company && u.company !== me.company?.id && u.role !== 'platformAdmin' && (category === 'operators') === !u.customer);
  const company = useNames({ companies: found.map((u) => u.company) });
  const save = async () => {
    setBusy(true);
    const kind = category === 'operators' ? 'operator' as const : 'user' as const;
    await http.POST('/api/v1/associations', { body: { company: me.company!.id, mode, subjects: ticked.map((id) => ({ kind, id })) }, ...everywhere }).then(async () => {
      notifications.show({ color: 'green', message: t('tied', { n: ticked.length }) });
      await client.invalidateQueries({ queryKey: ['associations'] });
      onDone();
    }, sayProblem);
    setBusy(false);
  };
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="center">
        <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} w={260} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
        <Group gap="xs"><ModeChoice value={mode} onChange={setMode} /><Button leftSection={<IconLink size={16} />} disabled={!ticked.length} loading={busy} onClick={save}>{t('associate')}{ticked.length ? ` (${ticked.length})` : ''}</Button></Group>
      </Group>
      {query.isError && <Alert color="red" role="alert">{query.error.message}</Alert>}
      {!search ? <Text c="dimmed" ta="center" p="lg">{t('searchPeople')}</Text> : query.isPending ? <Center p="md"><Loader size="sm" aria-label={t('loading')} /></Center> : found.length === 0 ? <Text c="dimmed" ta="center" p="lg">{t('nothingFound')}</Text> : (
        <Stack gap={2}>
          {found.map((u) => (
            <Checkbox key={u.id} px="xs" py={6} aria-label={u.name} checked={ticked.includes(u.id)} onChange={(e) => setTicked(e.currentTarget.checked ? [...ticked, u.id] : ticked.filter((id) => id !== u.id))}
              label={<Group gap="sm" wrap="nowrap"><Avatar name={u.name} color="initials" size={30} radius="xl" alt="" /><div><Text size="sm" fw={600}>{u.name}</Text><Text size="xs" c="dimmed">{[u.email, company(u.company)].filter(Boolean).join(' · ')}</Text></div></Group>} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}
