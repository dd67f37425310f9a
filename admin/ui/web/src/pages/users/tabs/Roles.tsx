import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { grantable, type StaffRole } from '../grantable';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';
import { useSaveUser } from './save';

const all: StaffRole[] = ['operator', 'companyAdmin', 'platformAdmin'];

/** What a member of staff may do; nobody gives more than they have. */
export default function Roles({ user }: StoredProps) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const save = useSaveUser(user);
  const [role, setRole] = useState<string>(user.role);
  const [busy, setBusy] = useState(false);
  const may = can('user.update') && user.id !== me.user.id ? grantable(me.user.role) : [];
  return (
    <Stack maw={620}>
      <Radio.Group value={role} onChange={setRole} aria-label={t('roles')}>
        <Stack gap="xs">
          {all.filter((r) => r === user.role || grantable(me.user.role).includes(r)).map((r) => (
            <Radio.Card key={r} value={r} disabled={!may.includes(r)} p="sm" radius="md" aria-label={t(r)}>
              <Group wrap="nowrap" align="flex-start"><Radio.Indicator mt={2} /><div><Text size="sm" fw={600}>{t(r)}</Text><Text size="xs" c="dimmed">{t(`${r}Text`)}</Text></div></Group>
            </Radio.Card>
          ))}
        </Stack>
      </Radio.Group>
      {may.length > 0 && <Group><Button loading={busy} disabled={role === user.role} onClick={() => { setBusy(true); void save({ role: role as StaffRole }).catch(sayProblem).finally(() => setBusy(false)); }}>{t('save')}</Button></Group>}
    </Stack>
  );
}
