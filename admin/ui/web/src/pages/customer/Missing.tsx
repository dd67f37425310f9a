import { Group, Paper, Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import type { Customer } from './data';
import { words } from './words';

/** What is left to do until a new customer works; nothing once all is done. */
export function Missing({ customer }: { customer: Customer }) {
  const t = useT(words);
  const me = useMe();
  const { data } = useQuery({
    queryKey: ['customer', customer.id, 'onboarding', customer.counts, customer.version], enabled: isStaff(me) && Boolean(me.may['customer.update']),
    queryFn: async () => (await http.GET('/api/v1/customers/{id}/onboarding', { params: { path: { id: customer.id } } })).data!,
  });
  if (!data || data.done) return null;
  const open = data.steps.filter((s) => !s.done), done = data.steps.length - open.length;
  return (
    <Paper withBorder px="md" py="xs" radius="md" maw={720}>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm"><Text span fw={600}>{t('missing')}:</Text> {open.map((s) => s.text).join(' · ')}</Text>
        <Text size="sm" c="dimmed" className="tabular">{done}/{data.steps.length}</Text>
      </Group>
      <Progress value={(100 * done) / data.steps.length} size="xs" mt={6} aria-label={t('missing')} />
    </Paper>
  );
}
