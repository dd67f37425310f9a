import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { ModuleTicks } from '@/parts/ModuleTicks';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';

/** What a customer's user may use: never more than the customer. */
export default function Services({ user, form }: StoredProps) {
  const t = useT(words);
  const can = useCan();
  const customer = useQuery({ queryKey: ['customer', user.customer], enabled: Boolean(user.customer), queryFn: async () => (await http.GET('/api/v1/customers/{id}', { params: { path: { id: user.customer! } } })).data! }).data;
  return (
    <Stack maw={760}>
      <Text size="sm" c="dimmed">{t('servicesText')}</Text>
      <ModuleTicks company={user.company} available={customer?.modules} value={form.values.modules} onChange={(m) => form.setFieldValue('modules', m)} readOnly={!can('user.update')} />
    </Stack>
  );
}
