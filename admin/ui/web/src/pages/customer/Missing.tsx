import { Group, List, Paper, Progress, Text, ThemeIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCheck, IconPoint } from '@tabler/icons-react';
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
  const done = data.steps.filter((s) => s.done).length;
  return (
    <Paper withBorder p="md" radius="md" maw={720}>
      <Group justify="space-between" mb={6}><Text size="sm" fw={600}>{t('missing')}</Text><Text size="sm" c="dimmed" className="tabular">{done} / {data.steps.length}</Text></Group>
      <Progress value={(100 * done) / data.steps.length} size="sm" mb="sm" aria-label={t('missing')} />
      <List size="sm" spacing={4} center listStyleType="none">
        {data.steps.map((s) => (
          <List.Item key={s.step} c={s.done ? 'dimmed' : undefined} icon={<ThemeIcon size={18} radius="xl" variant={s.done ? 'filled' : 'light'} color={s.done ? 'teal' : 'gray'}>{s.done ? <IconCheck size={12} /> : <IconPoint size={12} />}</ThemeIcon>}>{s.text}</List.Item>
        ))}
      </List>
    </Paper>
  );
}
