import { Badge, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import { words } from './words';

/** How far the audit's chain of hashes is verified; each asking goes further. */
export function Chain() {
  const t = useT(words);
  const query = useQuery({ queryKey: ['audit', 'chain'], queryFn: async () => (await http.GET('/api/v1/audit/chain')).data! });
  const c = query.data;
  if (!c) return null;
  if (c.broken) return <Badge color="red" size="lg" variant="light" tt="none" role="alert">{t('broken', { n: c.broken })}</Badge>;
  return c.verified >= c.newest
    ? <Badge color="green" size="lg" variant="light" tt="none" role="status">{t('verified', { n: c.verified })}</Badge>
    : <><Badge color="orange" size="lg" variant="light" tt="none" role="status">{t('verifying', { n: c.verified, all: c.newest })}</Badge><Button variant="subtle" loading={query.isFetching} onClick={() => query.refetch()}>{t('verifyOn')}</Button></>;
}
