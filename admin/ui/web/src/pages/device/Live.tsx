// Where it is, how fast, and what happened to it last.
import { Anchor, Badge, Center, Grid, Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { eventWords, toneOf, useTell } from '@/live/tell';
import { project } from '@/map';
import { useLast, type Device } from '@/pages/devices/data';
import { Ago, When } from '@/parts/time';
import { DeviceMap } from './DeviceMap';
import { words } from './words';

const HOURS = 3; // of trail

export function Live({ device }: { device: Device }) {
  const t = useT(words);
  const { lang } = useLang();
  const can = useCan();
  const known = useLast([device.id], 5000), last = known?.get(device.id);
  const past = useQuery({
    queryKey: ['positions', 'trail', device.id], enabled: can('position.read') && Boolean(last), refetchInterval: 60_000,
    queryFn: async () => (await http.GET('/api/v1/devices/{id}/positions', { params: { path: { id: device.id }, query: { from: new Date(Date.now() - HOURS * 3600e3).toISOString(), limit: 5000 } } })).data!.items,
  }).data;
  const trail = useMemo(() => past?.filter((p) => !p.verdict).map((p) => project(p.lon, p.lat)), [past]);
  if (!can('position.read')) return <Text c="dimmed">{t('noAccess')}</Text>;
  if (!known) return <Center p="xl"><Loader aria-label={t('loading')} /></Center>;
  const unit = (n: number | undefined, u: string, digits = 0) => (n === undefined ? '–' : new Intl.NumberFormat(lang, { style: 'unit', unit: u, maximumFractionDigits: digits }).format(n));
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 8 }}>
        {last ? <DeviceMap device={device} last={last} trail={trail} height="min(58vh, 520px)" /> : (
          <Paper withBorder radius="md" p="xl"><Stack align="center" gap={4}><Title order={2} size="h3" ta="center">{t('noFix')}</Title><Text c="dimmed" ta="center">{t('noFixText')}</Text></Stack></Paper>
        )}
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap="md">
          {last && (
            <Paper withBorder radius="md" p="md" component="dl" m={0}>
              <Fact name={t('lastFix')}><Ago time={last.time} /></Fact>
              <Fact name={t('speed')}>{unit(last.speed, 'kilometer-per-hour')}</Fact>
              {last.course !== undefined && <Fact name={t('course')}>{Math.round(last.course)}°</Fact>}
              <Fact name={t('place')}><span className="tabular">{last.lat.toFixed(5)}, {last.lon.toFixed(5)}</span></Fact>
              {last.ignition !== undefined && <Fact name={t('ignition')}>{last.ignition ? t('on') : t('off')}</Fact>}
              {last.altitude !== undefined && <Fact name={t('altitude')}>{unit(last.altitude, 'meter')}</Fact>}
              {last.accuracy !== undefined && <Fact name={t('accuracy')}>{unit(last.accuracy, 'meter')}</Fact>}
              {last.satellites !== undefined && <Fact name={t('satellites')}>{last.satellites}</Fact>}
              {last.odometer !== undefined && <Fact name={t('odometer')}>{unit(last.odometer / 1000, 'kilometer', 1)}</Fact>}
              {last.protocol && <Fact name={t('protocol')}>{last.protocol}</Fact>}
              {Object.entries(last.attributes ?? {}).slice(0, 12).map(([k, v]) => <Fact key={k} name={k}>{String(v)}</Fact>)}
            </Paper>
          )}
          {can('event.read') && <LastEvents id={device.id} />}
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <Group justify="space-between" wrap="nowrap" gap="sm" py={3} align="flex-start">
    <Text component="dt" size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{name}</Text><Text component="dd" m={0} size="sm" ta="right" style={{ overflowWrap: 'anywhere' }}>{children}</Text>
  </Group>
);

function LastEvents({ id }: { id: string }) {
  const t = useT(words), tw = useT(eventWords), say = useTell();
  const { data } = useQuery({
    queryKey: ['events', 'of', id], refetchInterval: 15_000,
    queryFn: async () => (await http.GET('/api/v1/events', { params: { query: { device: id, limit: 6 } } })).data!.items,
  });
  const name = useNames({ fences: data?.map((e) => e.fence) ?? [] });
  return (
    <Paper withBorder radius="md" p="md">
      <Group justify="space-between" mb="xs"><Title order={2} size="h5">{t('lastEvents')}</Title><Anchor component={Link} to={'.' as string} search={{ tab: 'signals' } as never} size="sm">{t('allEvents')}</Anchor></Group>
      {data?.length === 0 && <Text size="sm" c="dimmed">{t('noEvents')}</Text>}
      <Stack gap={6}>
        {data?.map((e) => (
          <div key={e.id}>
            <Badge variant="dot" tt="none" fw={500} color={toneOf(e.kind)}>{say(e, name(e.fence) || tw('aFence'))}</Badge>
            <Text size="xs" c="dimmed" ml={4}><When time={e.time} /></Text>
          </div>
        ))}
      </Stack>
    </Paper>
  );
}
