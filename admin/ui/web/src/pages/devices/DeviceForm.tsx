// A new device or a change to one. A device changes hands on its panel, where
// it is said what is lost.
import { Accordion, MultiSelect, NumberInput, Select, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/client';
import { deviceInput } from '@/api/inputs';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { ExtraFields, extraOf } from '@/parts/ExtraFields';
import { FormDialog } from '@/parts/FormDialog';
import { labelChoices, useDeviceLabels, useTypes, type Device } from './data';
import { words } from './words';

interface Props {
  device?: Device;
  /** Whose a new one is: then it is not asked. */
  customer?: string;
  onClose: () => void;
  onSaved?: (d: Device) => void;
}

const MINUTE = 60_000;

export function DeviceForm({ device, customer, onClose, onSaved }: Props) {
  const t = useT(words);
  const me = useMe();
  const client = useQueryClient();
  const types = useTypes(device?.company), labels = useDeviceLabels();
  const form = useForm({
    initialValues: {
      name: device?.name ?? '', uniqueId: device?.uniqueId ?? '', type: (device?.type ?? null) as string | null, model: device?.model ?? '', plate: device?.plate ?? '', phone: device?.phone ?? '',
      customer: customer ?? '', labels: device?.labels ?? [], speedLimit: (device?.speedLimit ?? '') as number | string, offlineAfter: String(device?.offlineAfter ?? 0), disabled: device?.disabled ?? false,
      extra: (device?.extra ?? {}) as Record<string, string>,
    },
    validate: { name: filled(t('required')), uniqueId: filled(t('required')) },
  });
  const silences: { value: string; label: string }[] = [
    { value: '0', label: t('minutes', { n: 10 }) }, { value: String(30 * MINUTE), label: t('minutes', { n: 30 }) }, { value: String(60 * MINUTE), label: t('hours', { n: 1 }) },
    { value: String(6 * 60 * MINUTE), label: t('hours', { n: 6 }) }, { value: String(24 * 60 * MINUTE), label: t('hours', { n: 24 }) }, { value: '-1', label: t('never') },
  ];
  const has = form.values.offlineAfter;
  if (!silences.some((s) => s.value === has)) silences.unshift({ value: has, label: t('minutes', { n: Number(has) / MINUTE }) });

  const save = async (v: typeof form.values) => {
    const values = { ...v, speedLimit: v.speedLimit === '' ? undefined : Number(v.speedLimit), offlineAfter: Number(v.offlineAfter) || undefined, extra: extraOf(v.extra), type: v.type ?? undefined };
    const { customer: whose, ...same } = values;
    const { data } = device
      ? await http.PUT('/api/v1/devices/{id}', { params: { path: { id: device.id } }, body: deviceInput(device, same) })
      : await http.POST('/api/v1/devices', { body: clean({ ...same, customer: whose }) });
    for (const key of ['devices', 'device', 'customer', 'customers', 'strangers']) void client.invalidateQueries({ queryKey: [key] });
    notifications.show({ color: 'green', message: t('saved') });
    onSaved?.(data!);
  };
  const under = { inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[] };
  return (
    <FormDialog opened onClose={onClose} title={device ? `${t('edit')}: ${device.name}` : t('newDevice')} form={form} onSubmit={save}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('name')} required data-autofocus maxLength={120} {...form.getInputProps('name')} />
        <TextInput label={t('uniqueId')} description={t('uniqueIdHint')} {...under} required maxLength={64} {...form.getInputProps('uniqueId')} />
        <Select label={t('type')} description={t('typeHint')} {...under} clearable searchable data={types.map((k) => ({ value: k.id!, label: k.name }))} {...form.getInputProps('type')} />
        <TextInput label={t('model')} maxLength={64} {...form.getInputProps('model')} />
        <TextInput label={t('plate')} maxLength={32} {...form.getInputProps('plate')} />
        <TextInput label={t('sim')} type="tel" {...form.getInputProps('phone')} />
        {!device && !customer && isStaff(me) && <CustomerSelect label={t('owner')} description={t('stockHint')} {...under} {...form.getInputProps('customer')} />}
        {(labels.length > 0 || form.values.labels.length > 0) && <MultiSelect label={t('labels')} data={labelChoices(labels)} clearable searchable {...form.getInputProps('labels')} />}
      </SimpleGrid>
      <ExtraFields quiet entity="device" company={device?.company ?? me.company?.id} value={form.values.extra} onChange={(v) => form.setFieldValue('extra', v)} errors={form.errors} />
      <Accordion variant="contained" chevronPosition="left">
        <Accordion.Item value="more">
          <Accordion.Control>{t('more')}</Accordion.Control>
          <Accordion.Panel>
            <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
              <NumberInput label={t('speedLimit')} description={t('speedHint')} {...under} min={0} max={1000} {...form.getInputProps('speedLimit')} />
              <Select label={t('offlineAfter')} allowDeselect={false} data={silences} {...form.getInputProps('offlineAfter')} />
              {device && <Switch label={t('disabled')} description={t('disabledHint')} {...form.getInputProps('disabled', { type: 'checkbox' })} />}
            </SimpleGrid>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </FormDialog>
  );
}
