// Why an event happened, in the words of the engine: the fixes, what each
// meant for the fences near by, and every message that it led to.
import { Alert, Badge, Drawer, Group, List, Loader, Skeleton, Stack, Text, Timeline, Title } from '@mantine/core';
import { http, api, type Schemas } from '@/api/client';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useT } from '@/i18n';
import { When } from '@/parts/time';
import { DeliveryCard } from '@/pages/deliveries/DeliveryCard';
import { useCan } from '@/api/session';
import { words } from './words';
import './why.css';

const Place = lazy(() => import('@/pages/alarms/Place').then((m) => ({ default: m.Place })));

export function Why({ event, title, onClose }: { event: Schemas['EventView']; title: string; onClose: () => void }) {
  const t = useT(words);
  const can = useCan();
  const why = api.useQuery('get', '/api/v1/events/{id}/why', { params: { path: { id: event.id } } });
  const told = useQuery({
    queryKey: ['deliveries', 'event', event.id], enabled: can('delivery.read'),
    queryFn: async () => (await http.GET('/api/v1/deliveries', { params: { query: { event: event.id } } })).data!.items,
  });
  const its = why.data?.events.find((e) => e.id === event.id);
  const fixes = why.data?.fixes ?? [];
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={<Text fw={650}>{title}</Text>} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <div><When time={event.time} /></div>
        {(event.lat !== 0 || event.lon !== 0) && (
          <div className="why-map">
            <Suspense fallback={<Skeleton h="100%" />}><Place alarm={{ ...event, opened: event.time, last: event.id }} deviceName={title} /></Suspense>
          </div>
        )}
        {why.isPending && <Loader aria-label={t('loading')} />}
        {why.isError && <Alert color="red">{(why.error as unknown as Error).message}</Alert>}
        {why.data && (
          <section>
            <Title order={3} size="h5" mb={6}>{t('whyTitle')}</Title>
            {why.data.summary?.map((s, i) => <Text key={i} size="sm" mb={4}>{s}</Text>)}
            {its?.say?.map((s, i) => <Text key={i} size="sm" mb={4}>{s}</Text>)}
          </section>
        )}
        {fixes.length > 0 && (
          <section>
            <Title order={3} size="h5" mb="sm">{t('fixes')}</Title>
            <Timeline bulletSize={14} lineWidth={2} active={fixes.length}>
              {fixes.map((f, i) => (
                <Timeline.Item key={i} color={f.outcome === 'evaluated' ? 'sea' : 'gray'} title={<Group gap={6}><When time={f.time} />{f.late && <Badge size="xs" variant="default">{t('late', { delay: '' })}</Badge>}</Group>}>
                  <Text size="sm">{f.say}</Text>
                  {f.fences?.length ? <List size="sm" c="dimmed">{f.fences.map((l, k) => <List.Item key={k}>{l.say}</List.Item>)}</List> : null}
                </Timeline.Item>
              ))}
            </Timeline>
          </section>
        )}
        {can('delivery.read') && (
          <section>
            <Title order={3} size="h5" mb={6}>{t('told')}</Title>
            {told.data?.length === 0 && <Text size="sm" c="dimmed">{t('nobody')}</Text>}
            <Stack gap="xs">{told.data?.map((d) => <DeliveryCard key={d.key} delivery={d} />)}</Stack>
          </section>
        )}
      </Stack>
    </Drawer>
  );
}
