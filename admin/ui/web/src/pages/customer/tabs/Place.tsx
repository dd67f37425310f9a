import { Anchor, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useLang, useT } from '@/i18n';
import { words as form } from '@/pages/customers/words';
import { countryName } from '@/parts/places';
import type { TabProps } from '../tabs';
import { own } from './words';

/** Where the customer is and how it is reached; changed by "Edit". */
export default function Place({ customer: c }: TabProps) {
  const t = useT({ ...form, ...own });
  const { lang } = useLang();
  const rows: [string, ReactNode][] = [
    [t('country'), countryName(c.country, lang)], [t('state'), c.state], [t('city'), c.city], [t('address'), c.address], [t('zip'), c.zip], [t('addressReference'), c.addressReference],
    [t('email'), c.email && <Anchor href={`mailto:${c.email}`}>{c.email}</Anchor>],
    ...([['mobile', c.mobile], ['landline', c.landline]] as const).map(([k, v]) => [t(k), v && <Anchor href={`tel:${v}`} className="tabular">{v}</Anchor>] as [string, ReactNode]),
    [t('fax'), c.fax], [t('website'), c.website && <Anchor href={c.website} target="_blank" rel="noopener noreferrer">{c.website}</Anchor>],
    [t('taxId'), c.taxId], [t('accountName'), c.accountName], [t('notes'), c.notes],
  ];
  const given = rows.filter(([, v]) => v);
  return (
    <Stack maw={820}>
      <Title order={2} size="h3">{t('placeOf')}</Title>
      {given.length === 0 ? <Text c="dimmed">{t('notFilled')}</Text> : (
        <SimpleGrid component="dl" cols={{ base: 1, xs: 2, md: 3 }} m={0}>
          {given.map(([label, v]) => <div key={label}><Text component="dt" size="xs" c="dimmed">{label}</Text><Text component="dd" m={0} size="sm" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{v}</Text></div>)}
        </SimpleGrid>
      )}
    </Stack>
  );
}
