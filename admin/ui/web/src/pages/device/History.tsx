// Who changed what about a device, newest first.
import { Alert, Button, Center, Code, Group, Loader, Stack, Text, Timeline, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { When } from '@/parts/time';
import { words } from './words';

const dull = ['id', 'company', 'created', 'version', 'updated', 'connection'];
const empty = (v: unknown) => v === undefined || v === null || v === '' || v === false || v === 0 || /^0+$/.test(String(v)) || (Array.isArray(v) && !v.length);
const show = (v: unknown) => (empty(v) ? '–' : typeof v === 'string' ? v : JSON.stringify(v));

export function History({ device }: { device: Device }) {
  const t = useT(words);
  const query = useInfiniteQuery({
    queryKey: ['audit', 'device', device.id],
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/audit', { params: { query: { record: 'device', id: device.id, before: pageParam || undefined, limit: 50 } } })).data!,
    initialPageParam: 0, getNextPageParam: (last) => last.before || undefined,
  });
  const rows = query.data?.pages.flatMap((p) => p.items) ?? [];
  const did = (r: Schemas['AuditRow']) => (r.action.startsWith('create') ? t('created') : r.action.startsWith('update') ? t('updated') : r.action);
  if (query.isPending) return <Center p="xl"><Loader aria-label={t('loading')} /></Center>;
  if (query.isError) return <Alert color="red" role="alert">{query.error.message}</Alert>;
  return (
    <Stack maw={820}>
      <Title order={2} size="h3">{t('history')}</Title>
      {rows.length === 0 && <Text c="dimmed">{t('noHistory')}</Text>}
      <Timeline bulletSize={14} lineWidth={2}>
        {rows.map((r) => (
          <Timeline.Item key={r.number} title={<Group gap={6}><Text size="sm" fw={600}>{did(r)}</Text><Text size="sm" c="dimmed">{r.by}</Text></Group>}>
            <When time={r.at} />
            {r.fields.filter((f) => !dull.includes(f.name) && !(empty(f.before) && empty(f.after))).map((f) => (
              <Text key={f.name} size="sm" component="div" style={{ overflowWrap: 'anywhere' }}><Text span fw={550}>{f.name}</Text> {f.before !== undefined && <><Code>{show(f.before)}</Code> → </>}<Code>{show(f.after)}</Code></Text>
            ))}
          </Timeline.Item>
        ))}
      </Timeline>
      {query.hasNextPage && <Group><Button variant="subtle" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>{t('more')}</Button></Group>}
    </Stack>
  );
}
