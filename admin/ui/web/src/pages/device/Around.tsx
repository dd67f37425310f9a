// What has to do with a device and is kept elsewhere: geofences and temporary links.
import { Anchor, Badge, Button, ColorSwatch, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { When } from '@/parts/time';
import { words } from './words';

/** The geofences that watch it: those of its owner that mean all devices, it, or a group that it is in. */
export function DeviceFences({ device }: { device: Device }) {
  const t = useT(words);
  const owner = device.customer ?? device.company;
  const { data } = useQuery({ queryKey: ['fences', 'of', owner], queryFn: async () => (await http.GET('/api/v1/fences', { params: { query: { owner, limit: 1000 } } })).data!.items });
  const its = data?.filter(({ targets: g }) => g.all || g.devices?.includes(device.id) || g.labels?.some((l) => device.labels.includes(l)));
  return (
    <Stack gap="sm">
      <Group justify="space-between"><Title order={2} size="h3">{t('geofences')}</Title>{device.customer && <Button variant="default" size="xs" component={Link} to={'/geofences' as string} search={{ customer: device.customer } as never}>{t('openMap')}</Button>}</Group>
      {its?.length === 0 && <Text c="dimmed">{t('noFences')}</Text>}
      {its?.map((f) => (
        <Paper key={f.id} withBorder radius="md" px="md" py="xs">
          <Group justify="space-between">
            <Group gap="sm"><ColorSwatch color={f.colour ?? 'var(--mantine-primary-color-filled)'} size={16} /><Anchor component={Link} to={`/geofences/${f.id}` as string} size="sm" fw={600}>{f.name}</Anchor></Group>
            <Group gap={6}>{f.paused ? <Badge variant="light" color="gray" tt="none">{t('paused')}</Badge> : <>{f.inside && <Badge variant="light" color="teal" tt="none">{t('inside')}</Badge>}{f.outside && <Badge variant="light" color="orange" tt="none">{t('outside')}</Badge>}</>}</Group>
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}

/** The temporary links that show it. */
export function DeviceShares({ device }: { device: Device }) {
  const t = useT(words);
  const router = useRouter();
  const owner = device.customer ?? device.company;
  const { data } = useQuery({ queryKey: ['share-links', 'of', owner], queryFn: async () => (await http.GET('/api/v1/share-links', { params: { query: { owner, limit: 1000 } } })).data!.items });
  const its = data?.filter((s) => s.devices.includes(device.id)), page = '/shares' in router.routesByPath;
  return (
    <Stack gap="sm">
      <Group justify="space-between"><Title order={2} size="h3">{t('shares')}</Title>{page && <Button variant="default" size="xs" component={Link} to={'/shares' as string}>{t('allShares')}</Button>}</Group>
      {its?.length === 0 && <Text c="dimmed">{t('noShares')}</Text>}
      {its?.map((s) => (
        <Paper key={s.id} withBorder radius="md" px="md" py="xs">
          <Group justify="space-between">
            <div><Text size="sm" fw={600}>{s.name || s.deviceNames?.join(', ')}</Text><Text size="xs" c="dimmed">{t('until')} <When time={s.expires} /> · {t('views', { n: s.views })}</Text></div>
            <Badge variant="dot" tt="none" fw={500} color={s.state === 'open' ? 'green' : s.state === 'early' ? 'orange' : 'gray'}>{s.state === 'open' ? t('shareOpen') : s.state === 'early' ? t('shareEarly') : t('shareEnded')}</Badge>
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}
