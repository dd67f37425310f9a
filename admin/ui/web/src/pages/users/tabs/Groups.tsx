import { Alert, Button, Checkbox, Group, Loader, Modal, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';

/** The groups that a person is in; a change is asked about before it is stored. */
export default function Groups({ user }: StoredProps) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const of = user.customer ? 'user' : 'operator';
  const query = useQuery({
    queryKey: ['labels', 'people', of, user.company],
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { limit: 1000 } } })).data!.items.filter((l) => l.of === of),
  });
  const groups = query.data ?? [];
  const inside = groups.filter((g) => g.users?.includes(user.id)).map((g) => g.id!);
  const [chosen, setChosen] = useState<string[]>();
  const [search, setSearch] = useState('');
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const ticked = chosen ?? inside;
  const names = groups.filter((g) => ticked.includes(g.id!)).map((g) => g.name).join(', ') || t('none');
  const save = async () => {
    setBusy(true);
    try {
      for (const g of groups) {
        const has = inside.includes(g.id!), wants = ticked.includes(g.id!);
        if (has === wants) continue;
        await http.PUT('/api/v1/labels/{id}', { params: { path: { id: g.id! } }, body: { ...g, users: wants ? [...(g.users ?? []), user.id] : (g.users ?? []).filter((id) => id !== user.id) } });
      }
      await Promise.all([client.invalidateQueries({ queryKey: ['labels'] }), client.invalidateQueries({ queryKey: ['users'] })]);
      notifications.show({ color: 'green', message: t('saved') });
      setChosen(undefined);
      setAsking(false);
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy(false);
    }
  };
  if (query.isPending) return <Loader aria-label={t('loading')} />;
  if (query.isError) return <Alert color="red" role="alert">{query.error.message}</Alert>;
  if (!groups.length) return <Text c="dimmed">{t('noGroups')}</Text>;
  return (
    <Stack maw={620}>
      <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} value={search} onChange={(e) => setSearch(e.currentTarget.value)} />
      <Checkbox.Group value={ticked} onChange={setChosen} aria-label={t('groups')}>
        <Stack gap="xs">{groups.filter((g) => g.name.toLowerCase().includes(search.toLowerCase())).map((g) => <Checkbox key={g.id} value={g.id!} label={g.name} description={g.note} disabled={!can('label.update')} />)}</Stack>
      </Checkbox.Group>
      {can('label.update') && <Group><Button disabled={!chosen || [...chosen].sort().join() === [...inside].sort().join()} onClick={() => setAsking(true)}>{t('save')}</Button></Group>}
      <Modal opened={asking} onClose={() => setAsking(false)} title={t('joinTitle')} closeButtonProps={{ 'aria-label': t('close') }}>
        <Text size="sm">{t('joinText', { name: user.name, groups: names })}</Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => { setChosen(undefined); setAsking(false); }}>{t('reject')}</Button>
          <Button loading={busy} onClick={save}>{t('confirm')}</Button>
        </Group>
      </Modal>
    </Stack>
  );
}
