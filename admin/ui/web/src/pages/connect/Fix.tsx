// The end of the way: its position on a map, and a clock that is right.
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconCircleCheck, IconClock } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import { DeviceMap } from '@/pages/device/DeviceMap';
import { useLastOf, type Device } from '@/pages/devices/data';
import { sayProblem } from '@/parts/problems';
import { Ago } from '@/parts/time';
import { words } from './words';

export function Fix({ device, onAnother }: { device: Device; onAnother: () => void }) {
  const t = useT(words);
  const last = useLastOf(device.id, 3000);
  return (
    <Stack gap="sm">
      <Clock id={device.id} fixed={Boolean(last)} />
      {last ? (
        <>
          <Group gap={8} role="status"><IconCircleCheck size={22} color="var(--ok)" /><Text fw={600}>{t('fixed', { name: device.name })}</Text><Text size="sm" c="dimmed"><Ago time={last.time} /></Text></Group>
          <DeviceMap device={device} last={last} height={300} />
        </>
      ) : <Group gap="sm" role="status"><Loader size="sm" type="dots" /><Text>{t('awaitFix', { name: device.name })}</Text></Group>}
      <Group gap="xs">
        <Button component={Link} to={`/devices/${device.id}` as string}>{t('toPanel')}</Button>
        <Button variant="default" component={Link} to={'/map' as string} search={{ device: device.id } as never}>{t('toMap')}</Button>
        <Button variant="subtle" onClick={onAnother}>{t('another')}</Button>
      </Group>
    </Stack>
  );
}

/** Says whether a device's clock is right, and corrects it. */
export function Clock({ id, fixed, quiet }: { id: string; fixed?: boolean; quiet?: boolean }) {
  const t = useT(words);
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<number>();
  const { data: d } = useQuery({
    queryKey: ['device', id], refetchInterval: quiet ? false : 5000,
    queryFn: async () => (await http.GET('/api/v1/devices/{id}', { params: { path: { id } } })).data!,
  });
  const apply = async () => {
    setBusy(true);
    await http.POST('/api/v1/devices/{id}/clock', { params: { path: { id } }, body: { offset: d!.clock!.offset } }).then(({ data }) => {
      setDone(data!.replayed + data!.already);
      for (const key of ['device', 'devices', 'positions']) void client.invalidateQueries({ queryKey: [key] });
    }, sayProblem);
    setBusy(false);
  };
  if (d?.clock) {
    const { hours } = d.clock;
    return (
      <Alert color="yellow" icon={<IconClock />} role="alert">
        <Group justify="space-between" gap="sm"><Text size="sm" style={{ flex: 1, minWidth: 200 }}>{t(hours > 0 ? 'clockAhead' : 'clockBehind', { n: Math.abs(hours) })}</Text><Button size="compact-md" color="yellow" loading={busy} onClick={apply}>{t('apply')}</Button></Group>
      </Alert>
    );
  }
  if (done !== undefined) return <Alert color="green" py={8} role="status">{t('applied', { n: done })}</Alert>;
  if (quiet || !fixed) return null;
  return <Group gap={8} role="status"><IconCircleCheck size={22} color="var(--ok)" /><Text>{t('clockRight')}</Text></Group>;
}
