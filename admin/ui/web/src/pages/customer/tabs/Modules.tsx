import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { texts, useT } from '@/i18n';
import { usePlans } from '@/pages/customers/form/choices';
import { ModuleTicks } from '@/parts/ModuleTicks';
import { sayProblem } from '@/parts/problems';
import { useChange } from '../data';
import type { TabProps } from '../tabs';
import { words } from '../words';
import { own } from './words';

/** What the customer's users may use, of what its plan has. */
export default function Modules({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ modules: words.modules }) });
  const change = useChange(customer);
  const plan = usePlans().find((p) => p.id === customer.plan);
  const [chosen, setChosen] = useState(customer.modules);
  const [busy, setBusy] = useState(false);
  const save = () => { setBusy(true); void change({ modules: chosen }).catch(sayProblem).finally(() => setBusy(false)); };
  const dirty = [...chosen].sort().join() !== [...customer.modules].sort().join();
  return (
    <Stack maw={760}>
      <Title order={2} size="h3">{t('modules')}</Title>
      <Text size="sm" c="dimmed">{t('modulesText')}</Text>
      <ModuleTicks company={customer.company} available={plan ? plan.modules ?? [] : undefined} value={chosen} onChange={setChosen} />
      <Group><Button loading={busy} disabled={!dirty} onClick={save}>{t('save')}</Button></Group>
    </Stack>
  );
}
