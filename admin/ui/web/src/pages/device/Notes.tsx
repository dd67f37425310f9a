// What is to be known about a device: for good, or until a day.
import { ActionIcon, Button, Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { sayProblem } from '@/parts/problems';
import { When } from '@/parts/time';
import { usePutNotes, type Panel } from './data';
import { words } from './words';

export function Notes({ panel, temporary }: { panel: Panel; temporary: boolean }) {
  const t = useT(words);
  const may = useCan()('deviceNote.update');
  const put = usePutNotes(panel);
  const [adding, setAdding] = useState(false);
  const notes = temporary ? panel.temporaryNotes : panel.fixedNotes;
  const set = (list: { text: string; until?: string }[]) => put(temporary ? { temporaryNotes: list.map((n) => ({ text: n.text, until: n.until! })) } : { fixedNotes: list.map((n) => n.text) });
  const form = useForm({ initialValues: { text: '', until: null as string | null }, validate: { text: filled(t('required')), until: (v) => (temporary ? filled(t('required'))(v) : null) } });
  return (
    <Stack gap="sm">
      <Group justify="space-between"><Title order={2} size="h3">{temporary ? t('temporaryNotes') : t('fixedNotes')}</Title>{may && <Button leftSection={<IconPlus size={16} />} onClick={() => { form.reset(); setAdding(true); }}>{t('addNote')}</Button>}</Group>
      {notes.length === 0 && <Text c="dimmed">{t('noNotes')}</Text>}
      {notes.map((n, i) => (
        <Paper key={i} withBorder radius="md" px="md" py="xs">
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <div style={{ minWidth: 0 }}>
              <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{n.text}</Text>
              <Text size="xs" c="dimmed" mt={4}>{n.authorName}{n.at && <> · <When time={n.at} /></>}{n.until && <> · {t('until')} <When time={n.until} /></>}</Text>
            </div>
            {may && <ActionIcon variant="subtle" color="red" aria-label={`${t('delete')}: ${n.text.slice(0, 40)}`} onClick={() => set(notes.filter((_, j) => j !== i)).catch(sayProblem)}><IconTrash size={16} /></ActionIcon>}
          </Group>
        </Paper>
      ))}
      {adding && (
        <FormDialog opened onClose={() => setAdding(false)} title={t('addNote')} form={form} size="md"
          onSubmit={(v) => set([...notes, { text: v.text.trim(), until: v.until ? new Date(v.until.replace(' ', 'T')).toISOString() : undefined }])}>
          <Textarea label={t('note')} required data-autofocus autosize minRows={3} maxLength={2000} {...form.getInputProps('text')} />
          {temporary && <DateTimePicker label={t('until')} required valueFormat="DD MMM YYYY HH:mm" minDate={new Date()} {...form.getInputProps('until')} />}
        </FormDialog>
      )}
    </Stack>
  );
}
