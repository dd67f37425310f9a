// How a customer is shown, in the list, the tree and its panel.
import { Avatar, Badge, Group, Text, UnstyledButton } from '@mantine/core';
import type { Schemas } from '@/api/client';
import { useT } from '@/i18n';
import { imageOf } from '@/parts/ImagePicker';
import type { Column } from '@/parts/RecordList';
import { When } from '@/parts/time';
import { useKindName, usePlans } from './form/choices';
import { words } from './words';

type Customer = Schemas['Customer'];

/** The image of a customer; without one its initials, always in the same colour. */
export function CustomerImage({ customer, size = 32 }: { customer: Pick<Customer, 'name'>; size?: number }) {
  return <Avatar src={imageOf(customer)} name={customer.name} color="initials" size={size} radius="md" alt="" />;
}

export function StateBadge({ customer }: { customer: Customer }) {
  const t = useT(words);
  const ok = customer.access.reason === 'active';
  return <Badge color={ok ? (customer.access.cutsOn ? 'orange' : 'green') : 'red'} variant="light" tt="none" h="auto" py={2} miw="min-content" maw={240} styles={{ label: { whiteSpace: 'normal', overflow: 'visible' } }} title={customer.access.text}>{customer.access.text || t('active')}</Badge>;
}

export function useCustomerColumns(onTag: (tag: string) => void): Column<Customer>[] {
  const t = useT(words);
  const kindName = useKindName();
  const plans = usePlans();
  return [
    {
      key: 'name', sort: 'name', label: t('name'), render: (c) => (
        <Group gap="sm" wrap="nowrap">
          <CustomerImage customer={c} />
          <div>
            <Text size="sm" fw={600}>{c.name}</Text>
            {c.path.length > 0 && <Text size="xs" c="dimmed">{c.path.map((p) => p.name).join(' › ')}</Text>}
          </div>
        </Group>
      ),
    },
    { key: 'code', sort: 'code', label: t('codeShort'), render: (c) => <Text size="sm" className="tabular">{c.code}</Text> },
    { key: 'type', sort: 'kind', label: t('type'), render: (c) => kindName(c.kind) },
    { key: 'plan', label: t('planShort'), render: (c) => plans.find((p) => p.id === c.plan)?.name ?? <Text span c="dimmed">–</Text> },
    {
      key: 'tags', label: t('tags'), render: (c) => (
        <Group gap={4}>{c.tags?.map((tag) => (
          <UnstyledButton key={tag} onClick={(e) => { e.stopPropagation(); onTag(tag); }} aria-label={`${t('tagFilter')}: ${tag}`}><Badge variant="light" size="sm" tt="none" miw="max-content" style={{ cursor: 'pointer' }}>{tag}</Badge></UnstyledButton>
        ))}</Group>
      ),
    },
    { key: 'devices', sort: 'devices', label: t('devices'), align: 'right', render: (c) => <span className="tabular">{c.counts.devices}</span> },
    { key: 'users', sort: 'users', label: t('users'), align: 'right', render: (c) => <span className="tabular">{c.counts.users}</span> },
    { key: 'status', sort: 'status', label: t('status'), render: (c) => <StateBadge customer={c} /> },
    { key: 'trial', sort: 'trialEnds', label: t('trialEnds'), render: (c) => (c.trialEnds ? <When time={c.trialEnds} /> : <Text span c="dimmed">–</Text>) },
    { key: 'reference', sort: 'reference', label: t('reference'), extra: true, render: (c) => c.reference },
    { key: 'taxId', sort: 'taxId', label: t('taxId'), extra: true, render: (c) => c.taxId },
    { key: 'city', label: t('city'), extra: true, render: (c) => c.city },
  ];
}
