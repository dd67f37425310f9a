// Alerts on this device: switched on, tried, and taken away from any other browser.
import { Alert, Badge, Button, Group, Loader, Paper, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconBellRinging, IconDeviceDesktop, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { Ago } from '@/parts/time';
import { agentName } from './agent';
import { blocked, current, subscribe } from './push';
import { words } from './words';
import { Told } from './Told';

export function Alerts() {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState(false);
  const key = useQuery({ queryKey: ['push', 'key'], staleTime: Infinity, queryFn: async () => (await http.GET('/api/v1/push/key')).data!.key }).data;
  const list = useQuery({ queryKey: ['push', 'subscriptions'], queryFn: async () => (await http.GET('/api/v1/push/subscriptions')).data!.items });
  const here = useQuery({ queryKey: ['push', 'here'], queryFn: async () => (await current())?.endpoint ?? null }).data;
  const changed = () => client.invalidateQueries({ queryKey: ['push'] });
  const why = blocked(key) ?? (refused ? 'denied' : undefined);
  const mine = list.data?.find((s) => s.endpoint === here);

  const on = async () => {
    setBusy(true);
    try {
      if (await subscribe(key!)) notifications.show({ color: 'green', message: t('alertsOn') });
      else setRefused(true);
      await changed();
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy(false);
    }
  };
  const off = async (id: string, endpoint: string) => {
    if (endpoint === here) await (await current())?.unsubscribe();
    await http.DELETE('/api/v1/push/subscriptions/{id}', { params: { path: { id } } }).then(() => notifications.show({ color: 'green', message: t('alertsOff') }), sayProblem);
    await changed();
  };
  const test = async () => {
    setBusy(true);
    try {
      const { data } = await http.POST('/api/v1/channels/{channel}/test', { params: { path: { channel: 'push' } }, body: {} });
      notifications.show(data!.ok ? { color: 'green', message: t('testSent') } : { color: 'red', title: t('failed'), message: data!.error ?? data!.answer });
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="lg">
      <Paper withBorder radius="md" p="md" component="section" aria-label={t('alertMe')}>
        <Group wrap="nowrap" align="flex-start">
          <ThemeIcon size={40} radius="md" variant="light" color={mine ? 'green' : undefined}><IconBellRinging size={22} stroke={1.6} /></ThemeIcon>
          <Stack gap={6} style={{ flex: 1 }}>
            <Group gap="xs"><Title order={2} size="h4">{t('alertMe')}</Title>{mine && <Badge variant="light" tt="none" color="green">{t('on')}</Badge>}</Group>
            <Text size="sm" c="dimmed">{t('alertMeText')}</Text>
            {why && !mine && <Alert color="yellow" py={8} role="status">{t(why)}</Alert>}
            <Group gap="xs" mt={4}>
              {mine ? <Button variant="light" color="red" onClick={() => off(mine.id, mine.endpoint)}>{t('switchOff')}</Button> : <Button onClick={on} loading={busy} disabled={Boolean(why) || !key}>{t('alertMeButton')}</Button>}
              {can('channel.create') && Boolean(list.data?.length) && <Button variant="default" leftSection={<IconSend size={16} />} loading={busy} onClick={test}>{t('sendTest')}</Button>}
            </Group>
          </Stack>
        </Group>
      </Paper>
      <section>
        <Title order={2} size="h4" mb="xs">{t('browsers')}</Title>
        {list.isPending && <Loader size="sm" aria-label={t('loading')} />}
        {list.isError && <Alert color="red" role="alert">{list.error.message}</Alert>}
        {list.data?.length === 0 && <Text size="sm" c="dimmed">{t('noBrowsers')}</Text>}
        <Stack gap="xs">
          {list.data?.map((s) => (
            <Paper key={s.id} withBorder radius="md" px="md" py="xs">
              <Group justify="space-between">
                <Group gap="sm" wrap="nowrap"><IconDeviceDesktop size={22} stroke={1.5} /><div><Group gap={6}><Text size="sm" fw={600}>{agentName(s.agent) || t('browser')}</Text>{s.endpoint === here && <Badge size="sm" variant="light" tt="none">{t('here')}</Badge>}</Group><Text size="xs" c="dimmed">{t('since')} <Ago time={s.created} /></Text></div></Group>
                <Button size="compact-sm" variant="light" color="red" onClick={() => off(s.id, s.endpoint)}>{t('revoke')}</Button>
              </Group>
            </Paper>
          ))}
        </Stack>
      </section>
      {can('delivery.read') && <Told />}
    </Stack>
  );
}
