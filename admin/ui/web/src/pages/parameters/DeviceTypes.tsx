// What devices of a type can report and what their panel shows.
import { Badge, Checkbox, Group, MultiSelect, NumberInput, ScrollArea, Select, SimpleGrid, Table, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Schemas } from '@/api/client';
import { texts, useLang, useT } from '@/i18n';
import { common } from '@/i18n/common';
import { alarmNames, useAlarmName } from '@/live/alarmnames';
import { words as panelWords } from '@/pages/device/words';
import { kinds as eventKinds, words as eventWords } from '@/pages/events/words';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import type { Book } from './book';
import { ParamList, type FormProps } from './ParamList';
import { words } from './words';

type Type = Schemas['DeviceType'];
type Event = Schemas['TypeEvent'];
type Tab = NonNullable<Type['tabs']>[number];
const book: Book<Type> = { path: 'device-types', object: 'deviceType' };
const protocols = ['gt06', 'teltonika', 'h02', 'osmand', 'owntracks', 'mqtt'] as const;
const MINUTE = 60_000;
const under = { inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[] };

const tabWords = texts({
  map: panelWords.live, zones: panelWords.zones, users: common.users, notifications: panelWords.notifications, contacts: panelWords.contacts, schedules: panelWords.schedules, sms: panelWords.sms, emails: panelWords.emails, push: panelWords.push,
  signals: panelWords.signals, notes: ['Notes', 'Notas', 'Notas', 'Notes'], commands: panelWords.commands, fences: common.geofences, shares: panelWords.shares, history: panelWords.history,
});

export function DeviceTypes() {
  const t = useT(words);
  return (
    <ParamList book={book} title={t('types')} nameOf={(k) => k.name} newLabel={t('newType')} empty={{ title: t('noTypes'), text: t('noTypesText') }}
      copy={(k) => ({ ...k, name: t('copyOf', { name: k.name }) })}
      columns={[
        { key: 'protocol', label: t('protocol'), render: (k) => k.protocol },
        { key: 'events', label: t('catalogue'), render: (k) => t('nEvents', { n: k.events?.length ?? 0 }) },
        { key: 'kind', label: '', render: (k) => k.positioningOnly && <Badge variant="light" tt="none" c="var(--mantine-color-text)">{t('positioningOnly')}</Badge> },
      ]}
      form={(p) => <Form {...p} />} />
  );
}

function Form({ record: r, fixed, onSave, onClose }: FormProps<Type>) {
  const t = useT(words), tt = useT(tabWords), te = useT(eventWords);
  const { lang } = useLang();
  const alarmName = useAlarmName();
  const form = useForm({
    initialValues: { name: r?.name ?? '', protocol: (r?.protocol ?? 'gt06') as string, positioningOnly: r?.positioningOnly ?? false, offlineAfter: (r?.offlineAfter && r.offlineAfter > 0 ? r.offlineAfter / MINUTE : '') as number | string, tabs: (r?.tabs ?? []) as string[], events: (r?.events ?? []) as Event[] },
    validate: { name: filled(t('required')), events: (v) => (v.length ? null : t('required')) },
  });
  const say = (code: string) => (code.startsWith('alarm.') ? alarmName(code.slice(6)) : te(code as 'enter'));
  const codes = [...eventKinds.filter((k) => k !== 'alarm' && k !== 'correction'), ...Object.keys(alarmNames).map((a) => `alarm.${a}`)];
  const set = (code: string, change: Partial<Event>) => form.setFieldValue('events', form.values.events.map((e) => (e.code === code ? { ...e, ...change } : e)));
  const save = (v: typeof form.values) => onSave({
    ...v, offlineAfter: Number(v.offlineAfter) * MINUTE || undefined, tabs: v.tabs.length ? v.tabs : undefined, clockOffset: r?.clockOffset, icon: r?.icon,
    events: v.events.map(({ code, alarm, severity, name }) => ({ code, alarm: alarm || undefined, severity, name: name && Object.values(name).some(Boolean) ? name : undefined })),
  });
  const p = form.getInputProps;
  return (
    <FormDialog opened onClose={onClose} title={r ? r.name : t('newType')} form={form} onSubmit={save} blocked={fixed} size="xl">
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('name')} required data-autofocus maxLength={120} readOnly={fixed} {...p('name')} />
        <Select label={t('protocol')} required allowDeselect={false} data={[...protocols]} readOnly={fixed} {...p('protocol')} />
        <NumberInput label={t('offlineAfter')} description={t('offlineHint')} {...under} min={1} max={43200} allowDecimal={false} readOnly={fixed} {...p('offlineAfter')} />
        <Checkbox mt="lg" label={t('positioningOnly')} description={t('positioningHint')} disabled={fixed} {...p('positioningOnly', { type: 'checkbox' })} />
      </SimpleGrid>
      <MultiSelect label={t('tabs')} description={t('tabsHint')} {...under} clearable searchable readOnly={fixed} data={(Object.keys(tabWords) as Tab[]).map((k) => ({ value: k, label: tt(k as keyof typeof tabWords) }))} {...p('tabs')} />
      <MultiSelect label={t('catalogue')} description={t('catalogueHint')} {...under} required searchable readOnly={fixed} hidePickedOptions maxDropdownHeight={260}
        data={[...new Set([...form.values.events.map((e) => e.code), ...codes])].map((c) => ({ value: c, label: say(c) }))}
        value={form.values.events.map((e) => e.code)} onChange={(list) => form.setFieldValue('events', list.map((c) => form.values.events.find((e) => e.code === c) ?? { code: c }))} error={form.errors.events} />
      {form.values.events.length > 0 && (
        <ScrollArea.Autosize mah={260} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': t('catalogue') }}>
          <Table verticalSpacing={4} stickyHeader>
            <Table.Thead><Table.Tr><Table.Th>{te('what')}</Table.Th><Table.Th>{t('severity')}</Table.Th><Table.Th>{t('ownName')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {form.values.events.map((e) => (
                <Table.Tr key={e.code}>
                  <Table.Td><Group gap={6} wrap="nowrap"><Text size="sm">{say(e.code)}</Text></Group></Table.Td>
                  <Table.Td w={170}><Select size="xs" aria-label={`${t('severity')}: ${say(e.code)}`} clearable placeholder={t('asUsual')} disabled={fixed} data={(['critical', 'major', 'minor', 'info'] as const).map((s) => ({ value: s, label: t(s) }))} value={e.severity ?? null} onChange={(s) => set(e.code, { severity: (s ?? undefined) as Event['severity'] })} /></Table.Td>
                  <Table.Td w={220}><TextInput size="xs" aria-label={`${t('ownName')}: ${say(e.code)}`} maxLength={120} disabled={fixed} value={e.name?.[lang] ?? ''} onChange={(ev) => set(e.code, { name: { ...e.name, [lang]: ev.currentTarget.value } })} /></Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      )}
    </FormDialog>
  );
}
