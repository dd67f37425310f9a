import { Badge, Button, Group, MultiSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { usePutSheet, type Panel } from './data';
import { words } from './words';

export function useCalendars(company: string) {
  const can = useCan();
  return useQuery({
    queryKey: ['calendars', company], enabled: can('calendar.read'), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/calendars', { params: { query: { limit: 1000 } } })).data!.items,
  }).data ?? [];
}

/** The calendars that say when a device is in use. */
export function Schedules({ panel }: { panel: Panel }) {
  const t = useT(words);
  const can = useCan();
  const put = usePutSheet(panel);
  const calendars = useCalendars(panel.device.company);
  const [chosen, setChosen] = useState<string[]>();
  const has = panel.schedules.map((s) => s.id);
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">{t('schedules')}</Title>
      <Text size="sm" c="dimmed">{t('schedulesHint')}</Text>
      {panel.schedules.length === 0 && <Text c="dimmed">{t('noSchedules')}</Text>}
      {panel.schedules.map((s) => (
        <Paper key={s.id} withBorder radius="md" px="md" py="xs"><Group justify="space-between"><Text size="sm" fw={600}>{s.name}</Text><Badge variant="light" tt="none" color={s.now ? 'green' : 'gray'} c="var(--mantine-color-text)">{s.now ? t('now') : t('notNow')}</Badge></Group></Paper>
      ))}
      {can('devicePanel.update') && can('calendar.read') && (
        <Group align="flex-end">
          <MultiSelect label={t('schedules')} data={calendars.map((k) => ({ value: k.id!, label: k.name }))} value={chosen ?? has} onChange={setChosen} clearable searchable miw={260} maxValues={20} />
          <Button disabled={!chosen || chosen.join() === has.join()} onClick={() => put({ schedules: chosen ?? [] }).then(() => setChosen(undefined), sayProblem)}>{t('save')}</Button>
        </Group>
      )}
    </Stack>
  );
}
