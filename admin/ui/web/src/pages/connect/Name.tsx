import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { clean, filled } from '@/parts/clean';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { useSubmit } from '@/parts/FormDialog';
import { words } from './words';

interface Props {
  /** What it calls itself; '' where nobody has heard it yet. */
  uniqueId: string;
  heard: boolean;
  model: string;
  customer?: string;
  onMade: (d: Device) => void;
}

/** Makes a device of what was heard, or of an identity that was typed. */
export function Name({ uniqueId, heard, model, customer, onMade }: Props) {
  const t = useT(words);
  const me = useMe();
  const client = useQueryClient();
  const form = useForm({ initialValues: { name: '', uniqueId, customer: customer ?? '' }, validate: { name: filled(t('required')), uniqueId: filled(t('required')) } });
  const { busy, failure, send } = useSubmit(form, async (v) => {
    const about = clean({ name: v.name, model, customer: v.customer });
    const { data } = heard
      ? await http.POST('/api/v1/strangers/{uniqueId}/adopt', { params: { path: { uniqueId } }, body: about })
      : await http.POST('/api/v1/devices', { body: { ...about, uniqueId: v.uniqueId } });
    for (const key of ['devices', 'strangers', 'customer', 'customers']) void client.invalidateQueries({ queryKey: [key] });
    onMade(data!);
  });
  return (
    <form onSubmit={form.onSubmit(send)} noValidate>
      <Stack gap="sm">
        {failure && <Alert color="red" role="alert">{failure}</Alert>}
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
          <TextInput label={t('name')} required autoFocus placeholder={t('placeholderName')} maxLength={120} {...form.getInputProps('name')} />
          {heard ? <div><Text size="sm" fw={500}>{t('uniqueId')}</Text><Text className="tabular" mt={6}>{uniqueId}</Text></div> : <TextInput label={t('uniqueId')} required maxLength={64} {...form.getInputProps('uniqueId')} />}
          {isStaff(me) && <CustomerSelect label={t('customer')} description={t('stockHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} {...form.getInputProps('customer')} />}
        </SimpleGrid>
        <Group><Button type="submit" loading={busy}>{t('add')}</Button></Group>
      </Stack>
    </form>
  );
}
