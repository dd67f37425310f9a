import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RowButton } from '@/parts/RowButton';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';
import { ShiftDialog } from './ShiftDialog';

type Shift = Schemas['Shift'];

/** When an operator works: days from and to, and the calendar with its hours. */
export default function Shifts({ user }: StoredProps) {
  const t = useT(words);
  const { lang } = useLang();
  const can = useCan();
  const client = useQueryClient();
  const [editing, setEditing] = useState<Shift | 'new'>();
  const shifts = useQuery({
    queryKey: ['shifts', 'of', user.id],
    queryFn: async () => (await http.GET('/api/v1/shifts', { params: { query: { limit: 1000 } } })).data!.items.filter((s) => s.user === user.id).sort((a, b) => b.from.localeCompare(a.from)),
  }).data;
  const calendars = useQuery({ queryKey: ['calendars', 'all'], enabled: can('calendar.read'), queryFn: async () => (await http.GET('/api/v1/calendars', { params: { query: { limit: 1000 } } })).data!.items }).data ?? [];
  const changed = () => client.invalidateQueries({ queryKey: ['shifts'] });
  const day = (d: string) => new Date(`${d}T12:00:00`).toLocaleDateString(lang, { dateStyle: 'medium' });
  return (
    <Stack maw={720}>
      {can('shift.create') && <Group justify="flex-end"><Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>{t('newShift')}</Button></Group>}
      {shifts?.length === 0 && <Text c="dimmed" ta="center" p="md">{t('noShifts')}</Text>}
      {Boolean(shifts?.length) && (
        <Table.ScrollContainer minWidth={420}>
          <Table verticalSpacing="xs">
            <Table.Thead><Table.Tr><Table.Th>{t('from')}</Table.Th><Table.Th>{t('to')}</Table.Th><Table.Th>{t('calendar')}</Table.Th><Table.Th ta="right">{t('actions')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {shifts!.map((s) => (
                <Table.Tr key={s.id}>
                  <Table.Td>{day(s.from)}</Table.Td><Table.Td>{day(s.to)}</Table.Td><Table.Td>{calendars.find((c) => c.id === s.calendar)?.name ?? '…'}</Table.Td>
                  <Table.Td><Group gap={4} justify="flex-end">
                    {can('shift.update') && <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => setEditing(s)} />}
                    {can('shift.delete') && <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => confirmDelete(t as never, day(s.from), t('noUndo'), () => http.DELETE('/api/v1/shifts/{id}', { params: { path: { id: s.id! } } }), changed)} />}
                  </Group></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {editing && <ShiftDialog people={[user]} shift={editing === 'new' ? undefined : editing} calendars={calendars} onClose={() => setEditing(undefined)} onSaved={changed} />}
    </Stack>
  );
}
