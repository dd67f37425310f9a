import { Alert, Button, Group, Select } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { FormDialog } from '@/parts/FormDialog';
import { words } from '../words';

type Shift = Schemas['Shift'];

interface Props {
  /** Whose it may be: one person, or those to choose from. */
  people: Pick<Schemas['User'], 'id' | 'name'>[];
  shift?: Shift;
  calendars: Schemas['Calendar'][];
  /** What a new one begins with. */
  days?: [string, string];
  onClose: () => void;
  onSaved: () => void;
}

export function ShiftDialog({ people, shift, calendars, days, onClose, onSaved }: Props) {
  const t = useT(words);
  const can = useCan();
  const must = filled(t('required'));
  const one = people.length === 1 ? people[0]!.id : null;
  const form = useForm({
    initialValues: { user: shift?.user ?? one as string | null, from: (shift?.from ?? days?.[0] ?? null) as string | null, to: (shift?.to ?? days?.[1] ?? null) as string | null, calendar: shift?.calendar ?? null as string | null },
    validate: { user: must, from: must, to: must, calendar: must },
  });
  const save = async (v: typeof form.values) => {
    const body = clean({ from: v.from!, to: v.to!, calendar: v.calendar!, user: v.user!, version: shift?.version }) as Shift;
    if (shift) await http.PUT('/api/v1/shifts/{id}', { params: { path: { id: shift.id! } }, body });
    else await http.POST('/api/v1/shifts', { body });
    onSaved();
  };
  const name = people.find((p) => p.id === form.values.user)?.name;
  const remove = () => { onClose(); confirmDelete(t as never, name ?? '', t('noUndo'), () => http.DELETE('/api/v1/shifts/{id}', { params: { path: { id: shift!.id! } } }), onSaved); };
  return (
    <FormDialog opened onClose={onClose} title={`${shift ? t('edit') : t('newShift')}${name ? `: ${name}` : ''}`} form={form} onSubmit={save} blocked={!calendars.length}>
      {!calendars.length && <Alert color="yellow">{t('noCalendars')}</Alert>}
      {!one && <Select label={t('operator')} required searchable disabled={Boolean(shift)} data={people.map((p) => ({ value: p.id, label: p.name }))} {...form.getInputProps('user')} />}
      <Group grow><DateInput label={t('from')} required valueFormat="L" {...form.getInputProps('from')} /><DateInput label={t('to')} required valueFormat="L" minDate={form.values.from ?? undefined} {...form.getInputProps('to')} /></Group>
      <Select label={t('calendar')} required searchable data={calendars.map((c) => ({ value: c.id!, label: c.name }))} {...form.getInputProps('calendar')} />
      {shift && can('shift.delete') && <Group><Button variant="subtle" color="red" size="xs" leftSection={<IconTrash size={15} />} onClick={remove}>{t('delete')}</Button></Group>}
    </FormDialog>
  );
}
