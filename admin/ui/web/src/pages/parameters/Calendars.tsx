// Hours by the day of the week, days off, and days that differ.
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { DateInput, DatePickerInput, TimeInput } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useLang, useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { TimezoneSelect } from '@/parts/places';
import { spansText, WeekSpans, type Span } from '@/parts/WeekSpans';
import type { Book } from './book';
import { ParamList, type FormProps } from './ParamList';
import { words } from './words';

type Calendar = Schemas['Calendar'];
type Exception = Schemas['DaySpan'];
const book: Book<Calendar> = { path: 'calendars', object: 'calendar' };

export function Calendars() {
  const t = useT(words);
  const { lang } = useLang();
  return (
    <ParamList book={book} title={t('calendars')} nameOf={(c) => c.name} newLabel={t('newCalendar')} empty={{ title: t('noCalendars'), text: t('noCalendarsText') }}
      columns={[
        { key: 'week', label: t('hours'), render: (c) => <Text size="sm" lineClamp={2} maw={380}>{spansText(c.week, lang)}</Text> },
        { key: 'timezone', label: t('timezone'), render: (c) => c.timezone },
        { key: 'holidays', label: t('holidays'), align: 'right', render: (c) => c.holidays?.length ?? 0 },
      ]}
      form={(p) => <Form {...p} />} />
  );
}

function Form({ record: r, fixed, onSave, onClose }: FormProps<Calendar>) {
  const t = useT(words);
  const me = useMe();
  const form = useForm({
    initialValues: { name: r?.name ?? '', timezone: r?.timezone ?? me.company?.timezone ?? me.user.timezone, week: (r?.week ?? [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '17:00' }]) as Span[], holidays: r?.holidays ?? [], exceptions: (r?.exceptions ?? []) as Exception[] },
    validate: { name: filled(t('required')), timezone: filled(t('required')) },
  });
  const { exceptions } = form.values;
  const set = (i: number, change: Partial<Exception>) => form.setFieldValue('exceptions', exceptions.map((e, j) => (j === i ? { ...e, ...change } : e)));
  return (
    <FormDialog opened onClose={onClose} title={r ? r.name : t('newCalendar')} form={form} onSubmit={onSave} blocked={fixed} size="xl">
      <Group grow align="flex-start">
        <TextInput label={t('name')} required data-autofocus maxLength={120} readOnly={fixed} {...form.getInputProps('name')} />
        <TimezoneSelect required readOnly={fixed} {...form.getInputProps('timezone')} />
      </Group>
      <WeekSpans label={t('hours')} value={form.values.week} onChange={(v) => form.setFieldValue('week', v)} errors={form.errors} at="week" readOnly={fixed} />
      <DatePickerInput type="multiple" label={t('holidays')} clearable readOnly={fixed} valueFormat="DD MMM YYYY" {...form.getInputProps('holidays')} />
      <Stack gap={6} role="group" aria-label={t('exceptions')}>
        <Text size="sm" fw={500}>{t('exceptions')}</Text>
        {exceptions.map((e, i) => (
          <Group key={i} gap="xs" wrap="wrap">
            <DateInput aria-label={t('day')} value={e.day || null} onChange={(v) => set(i, { day: v ?? '' })} valueFormat="DD MMM YYYY" w={150} disabled={fixed} />
            <TimeInput aria-label={t('from')} value={e.from} onChange={(ev) => set(i, { from: ev.currentTarget.value })} w={104} disabled={fixed} />
            <TimeInput aria-label={t('until')} value={e.to === '24:00' ? '00:00' : e.to} onChange={(ev) => set(i, { to: ev.currentTarget.value === '00:00' ? '24:00' : ev.currentTarget.value })} w={104} disabled={fixed} />
            {!fixed && <ActionIcon variant="light" color="red" aria-label={t('removeDay')} onClick={() => form.setFieldValue('exceptions', exceptions.filter((_, j) => j !== i))}><IconTrash size={16} /></ActionIcon>}
          </Group>
        ))}
        {!fixed && <Group><Button size="xs" variant="light" leftSection={<IconPlus size={14} />} onClick={() => form.setFieldValue('exceptions', [...exceptions, { day: new Date().toISOString().slice(0, 10), from: '08:00', to: '12:00' }])}>{t('addDay')}</Button></Group>}
      </Stack>
    </FormDialog>
  );
}
