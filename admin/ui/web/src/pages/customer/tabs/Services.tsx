import { Group, Stack, Switch, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { texts, useT } from '@/i18n';
import { words as form } from '@/pages/customers/words';
import { sayProblem } from '@/parts/problems';
import { useChange } from '../data';
import type { TabProps } from '../tabs';
import { words } from '../words';

const switches = ['web', 'ios', 'android', 'smsOn', 'emailOn', 'monitoring', 'commands'] as const;
const own = texts({
  services: words.services,
  text: ['What the company does for this customer. A switch takes effect at once.', 'Lo que la empresa hace por este cliente. Cada interruptor surte efecto de inmediato.', 'O que a empresa faz por este cliente. Cada interruptor tem efeito imediato.', 'Ce que l’entreprise fait pour ce client. Chaque interrupteur agit aussitôt.'],
});

/** The services of a customer, each with its switch. */
export default function Services({ customer }: TabProps) {
  const t = useT({ ...form, ...own });
  const change = useChange(customer);
  const [busy, setBusy] = useState('');
  const set = (name: (typeof switches)[number], on: boolean) => { setBusy(name); void change({ [name]: on }).catch(sayProblem).finally(() => setBusy('')); };
  return (
    <Stack maw={620}>
      <Title order={2} size="h3">{t('services')}</Title>
      <Text size="sm" c="dimmed">{t('text')}</Text>
      <Group><Stack gap="md">{switches.map((s) => <Switch key={s} label={t(s)} checked={Boolean(customer[s])} disabled={Boolean(busy)} onChange={(e) => set(s, e.currentTarget.checked)} />)}</Stack></Group>
    </Stack>
  );
}
