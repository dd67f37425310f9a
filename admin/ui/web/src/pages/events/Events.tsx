// The signal history: every event, with the reasons a click away.
import { Alert, Badge, Button, Group, MultiSelect, Text } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useNames } from '@/api/names';
import { useLang, useT } from '@/i18n';
import { span, toneOf, useTell } from '@/live/tell';
import { RecordList, type Column } from '@/parts/RecordList';
import { When } from '@/parts/time';
import { Why } from './Why';
import { kinds, words } from './words';

export type Event = Schemas['EventView'];

/** EventsOf is the list, of one device where there is one; the address may ask for one event: event=ID. */
export function EventsOf({ device, level }: { device?: string; level?: 3 }) {
  const t = useT(words), told = useTell();
  const { lang } = useLang();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const [shown, setShown] = useState<Event[]>([]);
  const name = useNames({ devices: shown.map((e) => e.device), fences: shown.map((e) => e.fence), customers: shown.map((e) => e.owner) });
  const say = (e: Event) => told(e, name(e.fence));
  const ask = (e?: Event) => void set({ event: e?.id });
  const listed = shown.find((e) => e.id === params.event);
  const found = useQuery({
    queryKey: ['event', params.event], enabled: Boolean(params.event) && !listed, retry: false,
    queryFn: async () => (await http.GET('/api/v1/events/{id}', { params: { path: { id: params.event! } } })).data!,
  });
  const asked = params.event ? listed ?? found.data : undefined;
  const columns: Column<Event>[] = [
    { key: 'time', label: t('time'), render: (e) => <When time={e.time} /> },
    ...(device ? [] : [{ key: 'device', label: t('device'), render: (e: Event) => <Text component={Link} to={`/devices/${e.device}`} size="sm" c="var(--mantine-color-anchor)">{name(e.device) || e.device}</Text> }]),
    {
      key: 'what', label: t('what'), render: (e) => (
        <Group gap={6} wrap="wrap">
          <Badge color={toneOf(e.kind)} variant="dot" tt="none" fw={500}>{say(e)}</Badge>
          {e.late && <Badge color="yellow" variant="light" tt="none" c="var(--mantine-color-text)">{t('late', { delay: span((Date.parse(e.received) - Date.parse(e.time)) / 1000) })}</Badge>}
          {e.retracted && <Badge color="gray" variant="light" tt="none" c="var(--mantine-color-text)">{t('retracted')}</Badge>}
          {e.amended && <Badge color="gray" variant="light" tt="none" c="var(--mantine-color-text)">{t('amended')}</Badge>}
        </Group>
      ),
    },
    { key: 'speed', label: t('speed'), align: 'right', render: (e) => <Text size="sm" className="tabular">{new Intl.NumberFormat(lang, { maximumFractionDigits: 0 }).format(e.speed)} km/h</Text> },
    { key: 'owner', label: t('owner'), extra: Boolean(device), render: (e) => name(e.owner) },
    { key: 'received', label: t('received'), extra: true, render: (e) => <When time={e.received} /> },
    { key: 'place', label: t('place'), extra: true, render: (e) => <Text size="sm" className="tabular">{e.lat.toFixed(5)}, {e.lon.toFixed(5)}</Text> },
  ];
  return (
    <>
      {params.event && found.isError && !listed && <Alert color="yellow" m="md" role="alert" withCloseButton closeButtonLabel={t('close')} onClose={() => ask()}>{found.error.message}</Alert>}
      <RecordList name={device ? `events-${device}` : 'events'} title={t('events')} level={level} columns={columns} rowKey={(e) => e.id} searchable={false}
        filterKeys={['kinds', 'from', 'to']}
        load={async ({ after, limit, kinds, from, to }) => {
          const query = { device, limit, after, kinds: kinds ? (String(kinds).split(',') as Event['kind'][]) : undefined, from: from ? new Date(`${from}T00:00`).toISOString() : undefined, to: to ? new Date(`${to}T24:00`).toISOString() : undefined };
          const page = (await http.GET('/api/v1/events', { params: { query } })).data!;
          setShown((old) => (after ? [...old, ...page.items] : page.items));
          return page;
        }}
        filters={
          <>
            <MultiSelect aria-label={t('kind')} placeholder={params.kinds ? undefined : t('kind')} data={kinds.map((k) => ({ value: k, label: t(k) }))}
              value={params.kinds?.split(',') ?? []} onChange={(v) => set({ kinds: v.join(',') || undefined })} clearable maw={420} />
            <DateInput aria-label={t('from')} placeholder={t('from')} value={params.from ?? null} onChange={(v) => set({ from: v ?? undefined })} clearable w={150} valueFormat="DD MMM YYYY" />
            <DateInput aria-label={t('to')} placeholder={t('to')} value={params.to ?? null} onChange={(v) => set({ to: v ?? undefined })} clearable w={150} valueFormat="DD MMM YYYY" />
          </>
        }
        onOpen={ask}
        rowActions={(e) => <Button size="compact-sm" variant="light" onClick={() => ask(e)}>{t('why')}</Button>}
        empty={{ title: t('emptyTitle'), text: t('emptyText') }} />
      {asked && <Why event={asked} title={`${name(asked.device) || asked.device} ${say(asked)}`} onClose={() => ask()} />}
    </>
  );
}

export const Events = () => <EventsOf />;
