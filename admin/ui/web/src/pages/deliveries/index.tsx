// Every SMS, email and push message: state, tries, the provider's answer.
import { Badge, Drawer, MultiSelect, Select, Text } from '@mantine/core';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useNames } from '@/api/names';
import { useT } from '@/i18n';
import { RecordList, type Column } from '@/parts/RecordList';
import { When } from '@/parts/time';
import { DeliveryCard } from './DeliveryCard';
import { channels, states, toneOfState, words } from './words';

type Delivery = Schemas['Delivery'];

interface Props {
  device?: string;
  channel?: Delivery['channel'];
  title?: string;
  level?: 3;
}

/** DeliveriesOf is the list, of one device and channel where they are given. */
export function DeliveriesOf({ device, channel, title, level }: Props) {
  const t = useT(words);
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const [shown, setShown] = useState<Delivery[]>([]);
  const [opened, open] = useState<Delivery>();
  const name = useNames({ devices: shown.map((d) => d.device), users: shown.map((d) => d.recipient), notifications: shown.map((d) => d.notification) });
  const columns: Column<Delivery>[] = [
    { key: 'created', label: t('created'), render: (d) => <When time={d.created} /> },
    ...(channel ? [] : [{ key: 'channel', label: t('channel'), render: (d: Delivery) => <Text size="sm" style={{ whiteSpace: 'nowrap' }}>{t(d.channel)}</Text> }]),
    { key: 'to', label: t('to'), render: (d) => <><Text size="sm">{name(d.recipient)}</Text><Text size="xs" c="dimmed">{d.attempts.at(-1)?.to}</Text></> },
    ...(device ? [] : [{ key: 'device', label: t('device'), render: (d: Delivery) => <Text component={Link} to={`/devices/${d.device}`} size="sm" c="var(--mantine-color-anchor)">{name(d.device) || d.device}</Text> }]),
    { key: 'notification', label: t('notification'), extra: true, render: (d) => name(d.notification) },
    { key: 'state', label: t('status'), render: (d) => <Badge variant="dot" tt="none" color={toneOfState[d.state]}>{t(d.state)}</Badge> },
    { key: 'attempts', label: t('attempts'), align: 'right', extra: true, render: (d) => d.attempts.length },
    { key: 'answer', label: t('answer'), render: (d) => <Text size="sm" lineClamp={1} maw={320}>{d.reason || d.attempts.at(-1)?.error || d.attempts.at(-1)?.answer}</Text> },
  ];
  return (
    <>
      <RecordList name={['deliveries', device, channel].filter(Boolean).join('-')} title={title ?? t('title')} level={level} columns={columns} rowKey={(d) => d.key} searchable={false}
        filterKeys={['states', 'channel']}
        load={async ({ after, limit, states, channel: chosen }) => {
          const query = { device, limit, after, channel: channel ?? (chosen as Delivery['channel'] | undefined), states: states ? (String(states).split(',') as Delivery['state'][]) : undefined };
          const page = (await http.GET('/api/v1/deliveries', { params: { query } })).data!;
          setShown((old) => (after ? [...old, ...page.items] : page.items));
          return page;
        }}
        filters={
          <>
            {!channel && <Select aria-label={t('channel')} placeholder={t('channel')} data={channels.map((c) => ({ value: c, label: t(c) }))} value={params.channel ?? null} onChange={(v) => set({ channel: v ?? undefined })} clearable w={140} />}
            <MultiSelect aria-label={t('status')} placeholder={params.states ? undefined : t('status')} data={states.map((s) => ({ value: s, label: t(s) }))}
              value={params.states?.split(',') ?? []} onChange={(v) => set({ states: v.join(',') || undefined })} clearable maw={420} />
          </>
        }
        onOpen={open} empty={{ title: t('emptyTitle'), text: t('emptyText') }} />
      <Drawer opened={Boolean(opened)} onClose={() => open(undefined)} position="right" title={t('title')} closeButtonProps={{ 'aria-label': t('close') }}>{opened && <DeliveryCard delivery={opened} />}</Drawer>
    </>
  );
}

export const Deliveries = () => <DeliveriesOf />;
