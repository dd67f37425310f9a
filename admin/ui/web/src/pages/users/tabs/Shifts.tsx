import { Alert, Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { FormDialog } from '@/parts/FormDialog';
import { RowButton } from '@/parts/RowButton';
import type { StoredProps } from '../lockedTabs';
import { words } from '../words';

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
      {editing && <ShiftDialog user={user} shift={editing === 'new' ? undefined : editing} calendars={calendars} onClose={() => setEditing(undefined)} onSaved={changed} />}
    </Stack>
  );
}

interface DialogProps { user: StoredProps['user']; shift?: Shift; calendars: Schemas['Calendar'][]; onClose: () => void; onSaved: () => void }

function ShiftDialog({ user, shift, calendars, onClose, onSaved }: DialogProps) {
  const t = useT(words);
  const must = filled(t('required'));
  const form = useForm({ initialValues: { from: (shift?.from ?? null) as string | null, to: (shift?.to ?? null) as string | null, calendar: shift?.calendar ?? null as string | null }, validate: { from: must, to: must, calendar: must } });
  const save = async (v: typeof form.values) => {
    const body = clean({ from: v.from!, to: v.to!, calendar: v.calendar!, user: user.id, version: shift?.version }) as Shift;
    if (shift) await http.PUT('/api/v1/shifts/{id}', { params: { path: { id: shift.id! } }, body });
    else await http.POST('/api/v1/shifts', { body });
    onSaved();
  };
  return (
    <FormDialog opened onClose={onClose} title={`${shift ? t('edit') : t('newShift')}: ${user.name}`} form={form} onSubmit={save} blocked={!calendars.length}>
      {!calendars.length && <Alert color="yellow">{t('noCalendars')}</Alert>}
      <Group grow><DateInput label={t('from')} required valueFormat="L" {...form.getInputProps('from')} /><DateInput label={t('to')} required valueFormat="L" minDate={form.values.from ?? undefined} {...form.getInputProps('to')} /></Group>
      <Select label={t('calendar')} required searchable data={calendars.map((c) => ({ value: c.id!, label: c.name }))} {...form.getInputProps('calendar')} />
    </FormDialog>
  );
}
