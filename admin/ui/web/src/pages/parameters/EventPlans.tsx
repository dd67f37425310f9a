// Which events of a device type count; notifications name a plan.
import { Alert, Badge, Checkbox, Group, Select, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { useTypes } from '@/pages/devices/data';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import type { Book } from './book';
import { ParamList, type FormProps } from './ParamList';
import { words } from './words';

type Plan = Schemas['EventPlan'];
const book: Book<Plan> = { path: 'event-plans', object: 'eventPlan' };

export function EventPlans() {
  const t = useT(words);
  const can = useCan();
  const types = useTypes();
  const uses = useQuery({ // how many notifications name each plan
    queryKey: ['notifications', 'by-plan'], enabled: can('notification.read'),
    queryFn: async () => (await http.GET('/api/v1/notifications', { params: { query: { limit: 1000 } } })).data!.items,
  }).data;
  return (
    <ParamList book={book} title={t('plans')} nameOf={(p) => p.name} newLabel={t('newPlan')} empty={{ title: t('noPlans'), text: t('noPlansText') }}
      copy={(p) => ({ ...p, name: t('copyOf', { name: p.name }) })}
      columns={[
        { key: 'type', label: t('deviceType'), render: (p) => types.find((k) => k.id === p.type)?.name },
        { key: 'events', label: t('planEvents'), render: (p) => <Group gap={4}>{(p.events ?? []).slice(0, 3).map((e) => <Badge key={e.code} variant="light" tt="none" c="var(--mantine-color-text)" color={e.alarm ? 'red' : undefined}>{e.label ?? e.code}</Badge>)}{(p.codes?.length ?? 0) > 3 && <Text size="xs" c="dimmed">+{p.codes!.length - 3}</Text>}</Group> },
        { key: 'uses', label: t('usedBy'), render: (p) => { const n = uses?.filter((o) => o.plan === p.id).length; return n ? <Text size="sm">{t('nNotifications', { n })}</Text> : <Text size="sm" c="dimmed">–</Text>; } },
      ]}
      form={(p) => <Form {...p} />} />
  );
}

function Form({ record, fixed, onSave, onClose }: FormProps<Plan>) {
  const t = useT(words);
  const types = useTypes();
  const must = filled(t('required'));
  const form = useForm({
    initialValues: { name: record?.name ?? '', type: (record?.type ?? null) as string | null, codes: record?.codes ?? [], note: record?.note ?? '' },
    validate: { name: must, type: must, codes: (v) => (v.length ? null : t('required')) },
  });
  const catalogue = types.find((k) => k.id === form.values.type)?.events ?? [];
  const all = catalogue.length > 0 && catalogue.every((e) => form.values.codes.includes(e.code));
  return (
    <FormDialog opened onClose={onClose} title={record ? record.name : t('newPlan')} form={form} onSubmit={onSave} blocked={fixed} size="xl">
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label={t('name')} required data-autofocus maxLength={120} readOnly={fixed} {...form.getInputProps('name')} />
        <Select label={t('deviceType')} required searchable allowDeselect={false} readOnly={fixed} data={types.map((k) => ({ value: k.id!, label: k.name }))} {...form.getInputProps('type')} onChange={(v) => { form.setFieldValue('type', v); form.setFieldValue('codes', []); }} />
      </SimpleGrid>
      {!form.values.type ? <Alert color="gray" py={8}>{t('chooseType')}</Alert> : (
        <>
        {!fixed && <Checkbox label={t('all')} checked={all} indeterminate={!all && form.values.codes.length > 0} onChange={(e) => form.setFieldValue('codes', e.currentTarget.checked ? catalogue.map((c) => c.code) : [])} />}
        <Checkbox.Group label={t('planEvents')} required {...form.getInputProps('codes')}>
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} verticalSpacing={8} mt={6}>{catalogue.map((e) => <Checkbox key={e.code} value={e.code} label={e.label ?? e.code} disabled={fixed} />)}</SimpleGrid>
        </Checkbox.Group>
        </>
      )}
      <Textarea label={t('note')} autosize minRows={2} maxLength={2000} readOnly={fixed} {...form.getInputProps('note')} />
    </FormDialog>
  );
}
