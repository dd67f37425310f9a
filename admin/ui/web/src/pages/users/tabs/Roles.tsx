import { Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { Note } from '@/parts/Note';
import { grantable, type StaffRole } from '../grantable';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';

const all: StaffRole[] = ['operator', 'companyAdmin', 'platformAdmin'];

/** What a member of staff may do; nobody gives more than they have. */
export default function Roles({ user, form }: StoredProps) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const [search, setSearch] = useState('');
  const self = user.id === me.user.id;
  const may = can('user.update') && !self ? grantable(me.user.role) : [];
  const shown = all.filter((r) => (r === user.role || grantable(me.user.role).includes(r)) && t(r).toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <Stack maw={620}>
      {self && <Note grade="note">{t('ownRole')}</Note>}
      <TextInput aria-label={t('search')} placeholder={t('search')} type="search" leftSection={<IconSearch size={16} />} value={search} onChange={(e) => setSearch(e.currentTarget.value)} />
      <Radio.Group value={form.values.role} onChange={(role) => form.setFieldValue('role', role)} aria-label={t('roles')}>
        <Stack gap="xs">
          {shown.map((r) => (
            <Radio.Card key={r} value={r} disabled={!may.includes(r)} p="sm" radius="md" aria-label={t(r)}>
              <Group wrap="nowrap" align="flex-start"><Radio.Indicator mt={2} /><div><Text size="sm" fw={600}>{t(r)}</Text><Text size="xs" c="dimmed">{t(`${r}Text`)}</Text></div></Group>
            </Radio.Card>
          ))}
        </Stack>
      </Radio.Group>
    </Stack>
  );
}
