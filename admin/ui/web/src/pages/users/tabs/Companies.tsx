import { Anchor, Badge, Fieldset, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconBuilding } from '@tabler/icons-react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan, useMe } from '@/api/session';
import { everywhere } from '@/api/workplace';
import { useT } from '@/i18n';
import { Note } from '@/parts/Note';
import { CustomerImage } from '../../customers/columns';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';

/** The organisation that the person belongs to, and other companies that it is tied to. */
export default function Companies({ user }: StoredProps) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const { data } = useQuery({ queryKey: ['customer', user.customer], enabled: Boolean(user.customer), queryFn: async () => (await http.GET('/api/v1/customers/{id}', { params: { path: { id: user.customer! } } })).data! });
  const ties = useQuery({
    queryKey: ['associations', 'about', user.id], enabled: can('association.create'),
    queryFn: async () => (await http.GET('/api/v1/associations', { params: { query: { about: user.id, limit: 100 } }, ...everywhere })).data!.items,
  }).data ?? [];
  const name = useNames({ companies: [...ties.map((k) => k.company), user.company] });
  const home = name(user.company) || me.company?.name;
  return (
    <Stack maw={620} gap="md">
      <Fieldset legend={t('belongs')} radius="md">
        {data && (
          <Anchor component={Link} to={`/customers/${data.id}` as string} style={{ display: 'flex', gap: 12, alignItems: 'center' }}>
            <CustomerImage customer={data} /><span>{[home, ...data.path.map((p) => p.name), data.name].filter(Boolean).join(' › ')}</span>
          </Anchor>
        )}
      </Fieldset>
      {ties.length > 0 && (
        <Fieldset legend={t('tiedTo')} radius="md">
          <Stack gap="xs">{ties.map((k) => <Group key={k.id} gap="xs"><IconBuilding size={18} /><Text size="sm">{name(k.company) || '…'}</Text><Badge size="sm" variant="light" tt="none">{t(k.mode === 'work' ? 'modeWork' : 'modeView')}</Badge></Group>)}</Stack>
        </Fieldset>
      )}
      <Note grade="note">{t('belongsHint')}</Note>
    </Stack>
  );
}
