import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { ModuleTicks } from '@/parts/ModuleTicks';
import { sayProblem } from '@/parts/problems';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';
import { useSaveUser } from './save';

/** What a customer's user may use: never more than the customer. */
export default function Services({ user }: StoredProps) {
  const t = useT(words);
  const can = useCan();
  const save = useSaveUser(user);
  const customer = useQuery({ queryKey: ['customer', user.customer], enabled: Boolean(user.customer), queryFn: async () => (await http.GET('/api/v1/customers/{id}', { params: { path: { id: user.customer! } } })).data! }).data;
  const [chosen, setChosen] = useState(user.modules);
  const [busy, setBusy] = useState(false);
  return (
    <Stack maw={760}>
      <Text size="sm" c="dimmed">{t('servicesText')}</Text>
      <ModuleTicks company={user.company} available={customer?.modules} value={chosen} onChange={setChosen} readOnly={!can('user.update')} />
      {can('user.update') && <Group><Button loading={busy} onClick={() => { setBusy(true); void save({ modules: chosen }).catch(sayProblem).finally(() => setBusy(false)); }}>{t('save')}</Button></Group>}
    </Stack>
  );
}
