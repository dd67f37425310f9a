// What one was told last, by any channel.
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { toneOfState, words as deliveryWords } from '@/pages/deliveries/words';
import { When } from '@/parts/time';
import { words } from './words';

export function Told() {
  const t = useT(words), td = useT(deliveryWords);
  const me = useMe();
  const { data } = useQuery({
    queryKey: ['deliveries', 'mine', me.user.id],
    queryFn: async () => (await http.GET('/api/v1/deliveries', { params: { query: { limit: 200 } } })).data!.items.filter((d) => d.recipient === me.user.id).slice(0, 20),
  });
  const name = useNames({ devices: data?.map((d) => d.device) ?? [] });
  return (
    <section>
      <Title order={2} size="h4" mb="xs">{t('told')}</Title>
      {data?.length === 0 && <Text size="sm" c="dimmed">{t('notTold')}</Text>}
      <Stack gap="xs">
        {data?.map((d) => (
          <Paper key={d.key} withBorder radius="md" px="md" py="xs">
            <Group justify="space-between">
              <div><Text size="sm" fw={600} component={Link} to={`/devices/${d.device}` as string} c="inherit">{name(d.device) || '…'}</Text><Text size="xs" c="dimmed">{td(d.channel)} · <When time={d.created} /></Text></div>
              <Badge variant="dot" tt="none" fw={500} color={toneOfState[d.state]}>{td(d.state)}</Badge>
            </Group>
          </Paper>
        ))}
      </Stack>
    </section>
  );
}
