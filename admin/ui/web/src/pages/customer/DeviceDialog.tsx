// A device of this customer: a new one, one out of the company's stock, or a
// change to one that it has.
import { SegmentedControl, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { deviceInput } from '@/api/inputs';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { DevicePicker } from '@/parts/DevicePicker';
import { FormDialog } from '@/parts/FormDialog';
import type { Customer } from './data';
import { words } from './words';

type Device = Schemas['Device'];

interface Props { customer: Customer; device?: Device; onClose: () => void; onSaved: () => void }

export function DeviceDialog({ customer, device, onClose, onSaved }: Props) {
  const t = useT(words);
  const me = useMe();
  const [from, setFrom] = useState<'new' | 'stock'>('new');
  const form = useForm({
    initialValues: { name: device?.name ?? '', uniqueId: device?.uniqueId ?? '', model: device?.model ?? '', plate: device?.plate ?? '', phone: device?.phone ?? '', taken: [] as string[] },
    validate: from === 'stock' ? { taken: (v) => (v.length ? null : t('required')) } : { name: filled(t('required')), uniqueId: filled(t('required')) },
  });
  const save = async ({ taken, ...v }: typeof form.values) => {
    if (device) await http.PUT('/api/v1/devices/{id}', { params: { path: { id: device.id } }, body: deviceInput(device, v) });
    else if (from === 'new') await http.POST('/api/v1/devices', { body: clean({ ...v, customer: customer.id }) });
    else {
      for (const id of taken) { // one after the other: each is a change of its own
        const { data } = await http.GET('/api/v1/devices/{id}', { params: { path: { id } } });
        await http.PUT('/api/v1/devices/{id}', { params: { path: { id } }, body: deviceInput(data!, { customer: customer.id }) });
      }
    }
    notifications.show({ color: 'green', message: t('saved') });
    onSaved();
  };
  const field = (name: 'name' | 'uniqueId' | 'model' | 'plate' | 'phone') => form.getInputProps(name);
  return (
    <FormDialog opened onClose={onClose} title={device ? `${t('edit')}: ${device.name}` : t('addDevice')} form={form} onSubmit={save} submitLabel={!device && from === 'stock' ? t('takeStock') : undefined}>
      {!device && isStaff(me) && <SegmentedControl value={from} onChange={(v) => setFrom(v as 'new' | 'stock')} data={[{ value: 'new', label: t('newDevice') }, { value: 'stock', label: t('fromStock') }]} />}
      {from === 'stock' ? (
        <>
          <Text size="sm" c="dimmed">{t('stockHint')}</Text>
          <DevicePicker owner={customer.company} value={form.values.taken} onChange={(ids) => form.setFieldValue('taken', ids)} />
        </>
      ) : (
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
          <TextInput label={t('name')} required data-autofocus maxLength={120} {...field('name')} />
          <TextInput label={t('uniqueId')} description={t('uniqueIdHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} required maxLength={64} {...field('uniqueId')} />
          <TextInput label={t('plate')} {...field('plate')} />
          <TextInput label={t('model')} {...field('model')} />
          <TextInput label={t('sim')} type="tel" {...field('phone')} />
        </SimpleGrid>
      )}
    </FormDialog>
  );
}
