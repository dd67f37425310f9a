import { Badge, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { http, type Schemas } from '@/api/client';
import { texts, useT } from '@/i18n';
import { RecordList, type Column } from '@/parts/RecordList';
import { When } from '@/parts/time';
import type { TabProps } from '../tabs';
import { words } from '../words';
import { own } from './words';

type Ticket = Schemas['Ticket'];
const colours = { low: 'gray', normal: 'blue', high: 'orange', urgent: 'red' } as const;

export default function Tickets({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ tickets: words.tickets }) });
  const navigate = useNavigate();
  const columns: Column<Ticket>[] = [
    { key: 'category', label: t('category'), render: (k) => <Text size="sm" fw={600}>{k.category}</Text> },
    { key: 'description', label: t('description'), render: (k) => <Text size="sm" lineClamp={1} maw={360}>{k.description}</Text> },
    { key: 'priority', label: t('priority'), render: (k) => <Badge variant="light" tt="none" color={colours[k.priority]}>{t(k.priority)}</Badge> },
    { key: 'status', label: t('status'), render: (k) => t(k.status === 'open' || !k.status ? 'opened' : k.status) },
    { key: 'created', label: t('time'), render: (k) => <When time={k.created} /> },
  ];
  return (
    <RecordList name="tickets" level={3} scope={customer.id} title={t('tickets')} columns={columns} rowKey={(k) => k.id!}
      load={async ({ limit, after, search }) => (await http.GET('/api/v1/tickets', { params: { query: { limit, after, search, owner: customer.id, sort: '-created' } } })).data!}
      onOpen={(k) => navigate({ to: '/support' as string, search: { ticket: k.id } } as never)}
      empty={{ title: t('noTickets'), text: t('noTicketsText') }} />
  );
}
