// Whom to call about a device, in which order and when.
import { ActionIcon, Anchor, Badge, Button, Group, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { sayProblem } from '@/parts/problems';
import { usePutSheet, type Panel } from './data';
import { useCalendars } from './Schedules';
import { words } from './words';

export function Contacts({ panel }: { panel: Panel }) {
  const t = useT(words);
  const may = useCan()('devicePanel.update');
  const put = usePutSheet(panel);
  const [adding, setAdding] = useState(false);
  const calls = panel.calls.map(({ contact, when }) => ({ contact, when }));
  const swap = (i: number, j: number) => { const next = [...calls]; [next[i], next[j]] = [next[j]!, next[i]!]; put({ calls: next }).catch(sayProblem); };
  const others = panel.contacts.filter((c) => !panel.calls.some((k) => k.contact === c.id));
  return (
    <Stack gap="sm">
      <Group justify="space-between"><div><Title order={2} size="h3">{t('callList')}</Title><Text size="sm" c="dimmed">{t('callHint')}</Text></div>{may && <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>{t('addCall')}</Button>}</Group>
      {panel.calls.length === 0 && <Text c="dimmed">{t('noCalls')}</Text>}
      {panel.calls.map((c, i) => (
        <Paper key={c.contact + c.when} withBorder radius="md" px="md" py="xs">
          <Group justify="space-between" gap="sm">
            <Group gap="md" miw={0}>
              <Text c="dimmed" className="tabular">{i + 1}</Text>
              <div><Text size="sm" fw={600}>{c.name}</Text><Text size="xs" c="dimmed">{c.relation}</Text></div>
              {c.phones.map((p) => <Anchor key={p} href={`tel:${p}`} size="sm" className="tabular">{p}</Anchor>)}
            </Group>
            <Group gap={6} wrap="nowrap">
              <Text size="sm" c="dimmed">{c.when ? c.whenName : t('anyTime')}</Text>
              <Badge variant="light" tt="none" color={c.now ? 'green' : 'gray'} c="var(--mantine-color-text)">{c.now ? t('now') : t('notNow')}</Badge>
              {may && (
                <>
                  <ActionIcon variant="subtle" color="gray" disabled={i === 0} aria-label={`${t('up')}: ${c.name}`} onClick={() => swap(i, i - 1)}><IconArrowUp size={16} /></ActionIcon>
                  <ActionIcon variant="subtle" color="gray" disabled={i === calls.length - 1} aria-label={`${t('down')}: ${c.name}`} onClick={() => swap(i, i + 1)}><IconArrowDown size={16} /></ActionIcon>
                  <ActionIcon variant="light" color="red" aria-label={`${t('delete')}: ${c.name}`} onClick={() => put({ calls: calls.filter((_, j) => j !== i) }).catch(sayProblem)}><IconTrash size={16} /></ActionIcon>
                </>
              )}
            </Group>
          </Group>
        </Paper>
      ))}
      {others.length > 0 && <><Title order={3} size="h5" mt="sm">{t('otherContacts')}</Title>{others.map((c) => <Text key={c.id} size="sm">{c.name}</Text>)}</>}
      {adding && <AddCall panel={panel} onClose={() => setAdding(false)} onSave={(call) => put({ calls: [...calls, call] })} />}
    </Stack>
  );
}

function AddCall({ panel, onClose, onSave }: { panel: Panel; onClose: () => void; onSave: (c: { contact: string; when?: string }) => Promise<void> }) {
  const t = useT(words);
  const calendars = useCalendars(panel.device.company);
  const contacts = useQuery({
    queryKey: ['contacts', 'choices', panel.device.id],
    queryFn: async () => (await Promise.all([panel.device.customer, panel.device.company].filter(Boolean).map(async (owner) => (await http.GET('/api/v1/contacts', { params: { query: { owner, limit: 1000 } } })).data!.items))).flat(),
  }).data ?? [];
  const form = useForm({ initialValues: { contact: '', when: null as string | null }, validate: { contact: filled(t('required')) } });
  return (
    <FormDialog opened onClose={onClose} title={t('addCall')} form={form} onSubmit={(v) => onSave(clean({ contact: v.contact, when: v.when ?? undefined }))} size="md">
      <Select label={t('contact')} required searchable data={[...new Map(contacts.map((c) => [c.id!, { value: c.id!, label: [c.name, c.relation].filter(Boolean).join(' · ') }])).values()]} nothingFoundMessage={t('nothingFound')} {...form.getInputProps('contact')} />
      <Select label={t('when')} clearable placeholder={t('anyTime')} data={calendars.map((k) => ({ value: k.id!, label: k.name }))} {...form.getInputProps('when')} />
    </FormDialog>
  );
}
