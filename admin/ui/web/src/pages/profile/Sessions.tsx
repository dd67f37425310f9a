import { Alert, Badge, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { Ago } from '@/parts/time';
import { agentName } from './agent';
import { words } from './words';

/** Where one is signed in; any of them can be ended. */
export function Sessions() {
  const t = useT(words);
  const client = useQueryClient();
  const query = useQuery({ queryKey: ['sessions'], queryFn: async () => (await http.GET('/api/v1/me/sessions')).data!.items });
  const end = (id: string) => http.DELETE('/api/v1/me/sessions/{id}', { params: { path: { id } } }).then(() => client.invalidateQueries({ queryKey: ['sessions'] }), sayProblem);
  return (
    <Stack gap="xs">
      {query.isError && <Alert color="red" role="alert">{query.error.message}</Alert>}
      {query.data?.map((s) => (
        <Paper key={s.id} withBorder p="sm" radius="md">
          <Group justify="space-between">
            <Group gap="sm" wrap="nowrap">
              {s.app === 'web' ? <IconDeviceDesktop size={22} stroke={1.5} /> : <IconDeviceMobile size={22} stroke={1.5} />}
              <div>
                <Group gap={6}><Text size="sm" fw={600}>{agentName(s.agent) || t('browser')}</Text>{s.current && <Badge size="sm" variant="light" tt="none">{t('here')}</Badge>}{s.by && <Badge size="sm" color="orange" variant="light" tt="none">{t('by', { by: s.by })}</Badge>}</Group>
                <Text size="xs" c="dimmed">{t('opened')} <Ago time={s.created} />{s.addr && ` · ${t('from', { addr: s.addr })}`}</Text>
              </div>
            </Group>
            {!s.current && <Button size="compact-sm" variant="light" color="red" onClick={() => end(s.id)}>{t('endSession')}</Button>}
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}
