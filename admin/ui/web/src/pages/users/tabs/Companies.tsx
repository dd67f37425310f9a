import { Anchor, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { http } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { CustomerImage } from '../../customers/columns';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';

/** The organisation that the person belongs to. */
export default function Companies({ user }: StoredProps) {
  const t = useT(words);
  const me = useMe();
  const { data } = useQuery({ queryKey: ['customer', user.customer], enabled: Boolean(user.customer), queryFn: async () => (await http.GET('/api/v1/customers/{id}', { params: { path: { id: user.customer! } } })).data! });
  return (
    <Stack maw={620} gap="sm">
      <Text size="sm" c="dimmed">{t('belongs')}</Text>
      {data && (
        <Anchor component={Link} to={`/customers/${data.id}` as string} style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
          <CustomerImage customer={data} /><span>{[me.company?.name, ...data.path.map((p) => p.name), data.name].filter(Boolean).join(' › ')}</span>
        </Anchor>
      )}
    </Stack>
  );
}
