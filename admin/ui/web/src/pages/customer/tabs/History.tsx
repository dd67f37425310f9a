import { Alert, Badge, Button, Center, Code, Group, Loader, Stack, Text, Timeline, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { texts, useT } from '@/i18n';
import { When } from '@/parts/time';
import type { TabProps } from '../tabs';
import { words as form } from '@/pages/customers/words';
import { words } from '../words';
import { own } from './words';

const size = 50;
/** What says nothing to people: keys, and what is empty. */
const dull = ['id', 'company', 'created', 'version', 'updated'];
const empty = (v: unknown) => v === undefined || v === null || v === '' || v === false || v === 0 || /^0+$/.test(String(v)) || (Array.isArray(v) && !v.length);
const told = (r: Schemas['PastChange']) => r.fields.filter((f) => !dull.includes(f.name) && !(empty(f.before) && empty(f.after)));
const show = (v: unknown) => (v === undefined || v === null || v === '' ? '–' : typeof v === 'string' ? v : JSON.stringify(v));

/** Who changed what about the customer, newest first. */
export default function History({ customer }: TabProps) {
  const t = useT({ ...form, ...own, ...texts({ history: words.history }) });
  const query = useInfiniteQuery({
    queryKey: ['customer', customer.id, 'history'],
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/customers/{id}/history', { params: { path: { id: customer.id }, query: { before: pageParam || undefined, limit: size } } })).data!.items,
    initialPageParam: 0, getNextPageParam: (last) => (last.length < size ? undefined : last.at(-1)!.number),
  });
  const rows = query.data?.pages.flat() ?? [];
  const did = (r: Schemas['PastChange']) => (r.action.startsWith('create') ? t('created') : r.action.startsWith('update') ? t('updated') : r.action.startsWith('delete') ? t('removed') : r.action);
  if (query.isPending) return <Center p="xl"><Loader aria-label={t('loading')} /></Center>;
  if (query.isError) return <Alert color="red" role="alert">{query.error.message}</Alert>;
  return (
    <Stack maw={820}>
      <Title order={2} size="h3">{t('history')}</Title>
      {rows.length === 0 && <Text c="dimmed">{t('noHistory')}</Text>}
      <Timeline bulletSize={14} lineWidth={2}>
        {rows.map((r) => (
          <Timeline.Item key={r.number} title={<Group gap={6}><Text size="sm" fw={600}>{did(r)}</Text><Text size="sm" c="dimmed">{r.by ?? (r.user ? t('gone') : t('system'))}</Text>{r.signedInAs && <Badge size="xs" color="orange" variant="light" tt="none">{t('onBehalf')}</Badge>}</Group>}>
            <When time={r.at} />
            {told(r).map((f) => (
              <Text key={f.name} size="sm" component="div" style={{ overflowWrap: 'anywhere' }}>
                <Text span fw={550}>{f.name in form ? t(f.name as 'name') : f.name}</Text>{' '}{f.before !== undefined && <><Code>{show(f.before)}</Code> → </>}<Code>{show(f.after)}</Code>
              </Text>
            ))}
          </Timeline.Item>
        ))}
      </Timeline>
      {query.hasNextPage && <Center><Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center>}
    </Stack>
  );
}
