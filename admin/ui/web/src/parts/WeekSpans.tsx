// Hours of the week: on which days, from when to when.
import { ActionIcon, Button, Chip, Group, Paper, Stack, Text } from '@mantine/core';
import { TimeInput } from '@mantine/dates';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { texts, useLang, useT } from '@/i18n';

export type Day = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';
export interface Span { days: Day[]; from: string; to: string }
export const days: Day[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const own = texts({
  from: ['From', 'Desde', 'De', 'De'],
  until: ['Until', 'Hasta', 'Até', 'À'],
  days: ['Days', 'Días', 'Dias', 'Jours'],
  addHours: ['Add hours', 'Agregar horas', 'Adicionar horas', 'Ajouter des heures'],
  remove: ['Remove these hours', 'Quitar estas horas', 'Remover estas horas', 'Retirer ces heures'],
  nextDay: ['until the next day', 'hasta el día siguiente', 'até o dia seguinte', 'jusqu’au lendemain'],
});

/** dayName words a day of the week, short. */
export const dayName = (day: Day, lang: string, style: 'short' | 'long' = 'short') => new Date(Date.UTC(2024, 0, 1 + days.indexOf(day))).toLocaleDateString(lang, { weekday: style, timeZone: 'UTC' });

/** spansText words hours in one line: Mon–Fri 08:00–17:00. */
export function spansText(spans: { days: string[] | null; from: string; to: string }[] | null | undefined, lang: string): string {
  return (spans ?? []).map((s) => {
    const on = days.filter((d) => s.days?.includes(d)), at = on.map((d) => days.indexOf(d));
    const run = on.length > 2 && at[at.length - 1]! - at[0]! === on.length - 1;
    return `${run ? `${dayName(on[0]!, lang)}–${dayName(on[on.length - 1]!, lang)}` : on.map((d) => dayName(d, lang)).join(', ')} ${s.from}–${s.to}`;
  }).join('; ');
}

interface Props { label: string; value: Span[]; onChange: (v: Span[]) => void; errors?: Record<string, unknown>; at?: string; readOnly?: boolean }

export function WeekSpans({ label, value, onChange, errors = {}, at = '', readOnly }: Props) {
  const t = useT(own);
  const { lang } = useLang();
  const set = (i: number, change: Partial<Span>) => onChange(value.map((s, j) => (j === i ? { ...s, ...change } : s)));
  const fault = Object.entries(errors).find(([k]) => at && k.startsWith(at))?.[1] as string | undefined;
  return (
    <Stack gap={6} role="group" aria-label={label}>
      <Text size="sm" fw={500}>{label}</Text>
      {value.map((s, i) => (
        <Paper key={i} withBorder radius="md" p="xs">
          <Group gap="sm" align="flex-end">
            <Chip.Group multiple value={s.days} onChange={(v) => set(i, { days: days.filter((d) => v.includes(d)) })}>
              <Group gap={4} role="group" aria-label={t('days')}>{days.map((d) => <Chip key={d} value={d} size="xs" disabled={readOnly}>{dayName(d, lang)}</Chip>)}</Group>
            </Chip.Group>
            <Group gap="xs" align="flex-end" wrap="nowrap">
              <TimeInput aria-label={t('from')} value={s.from} disabled={readOnly} onChange={(e) => set(i, { from: e.currentTarget.value })} w={104} />
              <Text size="sm" pb={8}>–</Text>
              {/* A field for a time knows no 24:00; midnight at the end means it. */}
              <TimeInput aria-label={t('until')} value={s.to === '24:00' ? '00:00' : s.to} disabled={readOnly} onChange={(e) => set(i, { to: e.currentTarget.value === '00:00' ? '24:00' : e.currentTarget.value })} w={104} />
              {!readOnly && <ActionIcon variant="light" color="red" mb={4} aria-label={t('remove')} onClick={() => onChange(value.filter((_, j) => j !== i))}><IconTrash size={16} /></ActionIcon>}
            </Group>
            {s.to <= s.from && s.to && <Text size="xs" c="dimmed" pb={9}>{t('nextDay')}</Text>}
          </Group>
        </Paper>
      ))}
      {fault && <Text size="xs" c="var(--mantine-color-error)" role="alert">{fault}</Text>}
      {!readOnly && <Group><Button size="xs" variant="light" leftSection={<IconPlus size={14} />} onClick={() => onChange([...value, { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '17:00' }])}>{t('addHours')}</Button></Group>}
    </Stack>
  );
}
