// What customers write to the company: staff answers here, customers ask here.
import { Badge, Select, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { RecordList, type Column } from '@/parts/RecordList';
import { Ago } from '@/parts/time';
import { useTopics, type Ticket } from './data';
import { NewTicket } from './NewTicket';
import { TicketView } from './TicketView';
import { priorities, stateTones, tones, words } from './words';

export function Support() {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const staff = isStaff(me);
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const [shown, setShown] = useState<Ticket[]>([]);
  const name = useNames({ customers: staff ? shown.map((k) => k.owner) : [], users: staff ? shown.map((k) => k.assignee) : [] });
  const routes = useTopics();
  const columns: Column<Ticket>[] = [
    { key: 'category', label: t('category'), render: (k) => <div><Text size="sm" fw={600}>{k.category}</Text><Text size="xs" c="dimmed" lineClamp={1} maw={360}>{k.description}</Text></div> },
    { key: 'priority', label: t('priority'), render: (k) => <Badge color={tones[k.priority]} variant="light" tt="none">{t(k.priority)}</Badge> },
    ...(staff ? [{ key: 'customer', label: t('customer'), render: (k: Ticket) => <Text size="sm">{name(k.owner)}</Text> }] : []),
    { key: 'from', label: t('from'), render: (k) => <Text size="sm">{k.authorName}</Text> },
    { key: 'status', label: t('status'), render: (k) => <Badge color={stateTones[k.status ?? 'open']} variant="light" tt="none">{t(k.status ?? 'open')}</Badge> },
    ...(staff ? [{ key: 'assignee', label: t('assignee'), render: (k: Ticket) => (k.assignee ? <Text size="sm">{name(k.assignee)}</Text> : <Text size="sm" c="dimmed">{t('nobody')}</Text>) }] : []),
    { key: 'since', label: t('since'), render: (k) => <Ago time={k.created} /> },
  ];
  const topics = [...new Set([...routes, ...shown.map((k) => k.category), params.category])].filter((c): c is string => Boolean(c));
  // Staff begins with what waits; a customer with all that was said.
  const status = params.status ?? (staff ? 'waiting' : 'all');
  return (
    <>
      <RecordList name="tickets" title={t('support')} columns={columns} rowKey={(k) => k.id} filterKeys={['status', 'priority', 'category', 'owner', 'assignee', 'sort']}
        load={async ({ limit, after, search, priority, category, owner, assignee, sort }) => {
          const query = { limit, after, search, priority, category, owner, assignee, status: status === 'all' ? undefined : status, sort: sort ?? (staff ? 'priority' : '-created') };
          const page = (await http.GET('/api/v1/tickets', { params: { query: query as never } })).data!;
          setShown((old) => (after ? [...old, ...page.items] : page.items));
          return page;
        }}
        filters={
          <>
            <Select aria-label={t('status')} allowDeselect={false} w={170} value={status} onChange={(v) => set({ status: v === (staff ? 'waiting' : 'all') ? undefined : v ?? undefined })}
              data={(['waiting', 'open', 'answered', 'closed', 'all'] as const).map((s) => ({ value: s, label: s === 'all' ? t('everyStatus') : t(s) }))} />
            <Select aria-label={t('priority')} placeholder={t('priority')} clearable w={140} data={priorities.map((p) => ({ value: p, label: t(p) }))} value={params.priority ?? null} onChange={(v) => set({ priority: v ?? undefined })} />
            {staff && <CustomerSelect aria-label={t('customer')} placeholder={t('customer')} w={190} value={params.owner ?? ''} onChange={(v) => set({ owner: v || undefined })} />}
            {staff && <Select aria-label={t('assignee')} placeholder={t('assignee')} clearable w={150} data={[{ value: me.user.id, label: t('mine') }]} value={params.assignee ?? null} onChange={(v) => set({ assignee: v ?? undefined })} />}
            {staff && <Select aria-label={t('sort')} allowDeselect={false} w={230} data={[{ value: 'priority', label: t('byPriority') }, { value: '-created', label: t('newest') }, { value: 'created', label: t('oldest') }]} value={params.sort ?? 'priority'} onChange={(v) => set({ sort: v === 'priority' ? undefined : v ?? undefined })} />}
            <Select aria-label={t('category')} placeholder={t('category')} clearable searchable w={160} data={topics} value={params.category ?? null} onChange={(v) => set({ category: v ?? undefined })} />
          </>
        }
        newLabel={staff ? t('newTicket') : t('writeUs')} onNew={can('ticket.create') ? () => set({ new: '1' }) : undefined} onOpen={(k) => set({ ticket: k.id })}
        empty={{ title: staff && status === 'waiting' ? t('calm') : t('noTickets'), text: staff ? t('staffText') : t('clientText') }} />
      {params.new && can('ticket.create') && <NewTicket onClose={() => set({ new: undefined })} onMade={(id) => set({ new: undefined, ticket: id })} />}
      {params.ticket && <TicketView key={params.ticket} id={params.ticket} onClose={() => set({ ticket: undefined })} />}
    </>
  );
}
