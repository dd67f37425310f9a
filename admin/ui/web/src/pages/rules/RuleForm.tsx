// What makes events of its own: a stay that is too long, a drive that is too fast.
import { Group, MultiSelect, NumberInput, Radio, Select, SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import { TimeInput } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { DevicePicker } from '@/parts/DevicePicker';
import { FormDialog } from '@/parts/FormDialog';
import { useFences, type Rule } from './data';
import { words } from './words';

export const triggers = ['dwell', 'overstay', 'absent', 'overspeed', 'moving', 'stopped'] as const;
const fencedTriggers = ['dwell', 'overstay', 'absent'];
const under = { inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[] };

interface Props { rule?: Rule; owner?: string; onClose: () => void; onSaved?: (r: Rule) => void }

export function RuleForm({ rule: r, owner, onClose, onSaved }: Props) {
  const t = useT(words);
  const me = useMe();
  const client = useQueryClient();
  const unit = (trigger: string) => (trigger === 'overspeed' ? 1000 : 60_000);
  const form = useForm({
    initialValues: {
      name: r?.name ?? '', owner: r?.owner ?? owner ?? me.user.customer ?? '', trigger: (r?.trigger ?? 'overstay') as Rule['trigger'], after: (r?.after ? r.after / unit(r.trigger) : '') as number | string, at: r?.at ?? '', limit: (r?.limit ?? '') as number | string,
      fencesOf: r && !r.allFences && r.fences.length ? 'some' : 'all', fences: r?.fences ?? [], which: r?.targets && !r.targets.all ? 'some' : 'all', devices: r?.targets?.devices ?? [], inner: r?.targets?.inner ?? true, active: !r?.paused,
    },
    validate: {
      name: filled(t('required')), limit: (v, all) => (all.trigger === 'overspeed' ? filled(t('required'))(v) : null),
      after: (v, all) => (fencedTriggers.includes(all.trigger) && !(all.at && all.trigger !== 'dwell') ? filled(t('required'))(v) : null),
      devices: (v, all) => (all.which === 'all' || v.length || r?.targets?.labels?.length ? null : t('required')),
      fences: (v, all) => (fencedTriggers.includes(all.trigger) && all.fencesOf === 'some' && !v.length ? t('required') : null),
    },
  });
  const v = form.values, of = v.owner || me.company?.id || '', withFences = fencedTriggers.includes(v.trigger);
  const fences = useFences(of);
  const byClock = v.trigger === 'overstay' || v.trigger === 'absent';

  const save = async (all: typeof form.values) => {
    const at = byClock && all.at ? all.at.slice(0, 5) : undefined;
    const body = clean({
      name: all.name, owner: all.owner, trigger: all.trigger, after: at || all.after === '' ? undefined : Number(all.after) * unit(all.trigger), at, limit: all.trigger === 'overspeed' ? Number(all.limit) : undefined,
      allFences: withFences ? all.fencesOf === 'all' : r?.allFences, fences: withFences ? (all.fencesOf === 'some' ? all.fences : undefined) : r?.fences,
      targets: all.which === 'all' ? { all: true, inner: all.inner } : { devices: all.devices, labels: r?.targets?.labels }, paused: !all.active, schedule: r?.schedule, version: r?.version,
    }) as Schemas['RuleInput'];
    const { data } = r ? await http.PUT('/api/v1/rules/{id}', { params: { path: { id: r.id } }, body }) : await http.POST('/api/v1/rules', { body });
    void client.invalidateQueries({ queryKey: ['rules'] });
    notifications.show({ color: 'green', message: t('saved') });
    onSaved?.(data!);
  };
  return (
    <FormDialog opened onClose={onClose} title={r ? `${t('edit')}: ${r.name}` : t('newRule')} form={form} onSubmit={save}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('name')} required data-autofocus maxLength={120} {...form.getInputProps('name')} />
        {!r && !owner && isStaff(me) && <CustomerSelect label={t('owner')} {...form.getInputProps('owner')} onChange={(id) => { form.setFieldValue('owner', id ?? ''); form.setFieldValue('devices', []); form.setFieldValue('fences', []); }} />}
      </SimpleGrid>
      <Select label={t('trigger')} required allowDeselect={false} data={triggers.map((k) => ({ value: k, label: t(k) }))} {...form.getInputProps('trigger')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        {v.trigger === 'overspeed' && <NumberInput label={t('limit')} required min={1} max={1000} {...form.getInputProps('limit')} />}
        <NumberInput label={v.trigger === 'overspeed' ? t('afterSpeed') : t('after')} required={withFences && !(byClock && v.at)} disabled={byClock && Boolean(v.at)} min={0} placeholder={v.trigger === 'overspeed' ? '10' : withFences ? undefined : '3'} {...form.getInputProps('after')} />
        {byClock && <TimeInput label={t('at')} description={t('atHint')} {...under} {...form.getInputProps('at')} />}
      </SimpleGrid>
      {withFences && (
        <>
          <Radio.Group label={t('whichFences')} required {...form.getInputProps('fencesOf')}>
            <Group mt={6} gap="lg"><Radio value="all" label={t('allFences')} /><Radio value="some" label={t('someFences')} /></Group>
          </Radio.Group>
          {v.fencesOf === 'some' && <MultiSelect aria-label={t('whichFences')} searchable data={fences.map((f) => ({ value: f.id, label: f.name }))} nothingFoundMessage={t('nothingFound')} {...form.getInputProps('fences')} />}
        </>
      )}
      <Radio.Group label={t('whichDevices')} required {...form.getInputProps('which')}>
        <Group mt={6} gap="lg"><Radio value="all" label={t('allDevices')} /><Radio value="some" label={t('someDevices')} /></Group>
      </Radio.Group>
      {v.which === 'all' ? <Switch label={t('inner')} {...form.getInputProps('inner', { type: 'checkbox' })} /> : (
        <div>
          <DevicePicker owner={of} value={v.devices} onChange={(ids) => form.setFieldValue('devices', ids)} height={200} />
          {form.errors.devices && <Text size="xs" c="var(--mantine-color-error)" role="alert">{form.errors.devices}</Text>}
        </div>
      )}
      <Switch label={t('active')} {...form.getInputProps('active', { type: 'checkbox' })} />
    </FormDialog>
  );
}
