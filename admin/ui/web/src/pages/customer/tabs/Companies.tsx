import { Anchor, Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { When } from '@/parts/time';
import type { TabProps } from '../tabs';
import { words } from '../words';

const own = texts({
  companies: words.companies,
  home: ['Home company', 'Empresa de origen', 'Empresa de origem', 'Entreprise d’origine'],
  above: ['Stands below', 'Depende de', 'Está abaixo de', 'Dépend de'],
  tied: ['Tied to', 'Vinculado a', 'Vinculado a', 'Lié à'],
  none: ['Tied to no other company', 'Sin vínculo con otras empresas', 'Sem vínculo com outras empresas', 'Lié à aucune autre entreprise'],
  view: ['reads', 'consulta', 'consulta', 'consultation'],
  work: ['works', 'trabaja', 'trabalha', 'travail'],
});

/** To which company the customer belongs, and to which others it is tied. */
export default function Companies({ customer }: TabProps) {
  const t = useT(own);
  const can = useCan();
  const ties = useQuery({
    queryKey: ['associations', 'of', customer.id], enabled: can('association.read'),
    queryFn: async () => (await http.GET('/api/v1/associations', { params: { query: { owner: customer.id, limit: 200 } } })).data!.items.filter((a) => a.customer === customer.id),
  }).data ?? [];
  const name = useNames({ companies: [customer.company, ...ties.map((a) => a.company)] });
  return (
    <Stack maw={620} gap="sm">
      <Title order={2} size="h3">{t('companies')}</Title>
      <Card withBorder radius="md" padding="sm"><Text size="xs" c="dimmed">{t('home')}</Text><Text fw={600}>{name(customer.company)}</Text></Card>
      {customer.path.length > 0 && <Card withBorder radius="md" padding="sm"><Text size="xs" c="dimmed">{t('above')}</Text>{customer.path.map((p, i) => <Text span key={p.id}>{i > 0 && ' › '}<Anchor component={Link} to={`/customers/${p.id}` as string}>{p.name}</Anchor></Text>)}</Card>}
      {ties.length === 0 ? <Text size="sm" c="dimmed">{t('none')}</Text> : ties.map((a) => (
        <Card key={a.id} withBorder radius="md" padding="sm"><Text size="xs" c="dimmed">{t('tied')}</Text><Group gap="xs"><Text fw={600}>{name(a.company) || a.company}</Text><Badge variant="light" tt="none">{t(a.mode)}</Badge><When time={a.created} /></Group></Card>
      ))}
    </Stack>
  );
}
