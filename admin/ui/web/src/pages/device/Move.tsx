// A device changes hands, after it is said what it loses.
import { Alert, Badge, Group, List, Radio, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { FormDialog } from '@/parts/FormDialog';
import { moveDevice, previewMove } from './data';
import { words } from './words';

export function Move({ device, onClose }: { device: Device; onClose: () => void }) {
  const t = useT(words);
  const client = useQueryClient();
  const form = useForm({ initialValues: { where: 'customer' as 'customer' | 'stock', to: '' } });
  const to = form.values.where === 'stock' ? device.company : form.values.to;
  const lost = useQuery({ queryKey: ['device', device.id, 'move', to], enabled: Boolean(to), queryFn: () => previewMove(device.id, to), retry: false, gcTime: 0 });
  const save = async () => {
    await moveDevice(device.id, to, device.version);
    for (const key of ['device', 'devices', 'customers', 'customer', 'fences', 'notifications', 'rules', 'contacts']) void client.invalidateQueries({ queryKey: [key] });
    notifications.show({ color: 'green', message: t('moved', { name: device.name }) });
  };
  return (
    <FormDialog opened onClose={onClose} title={`${t('move')}: ${device.name}`} form={form} onSubmit={save} submitLabel={t('move')} blocked={!lost.isSuccess} size="md">
      <Radio.Group label={t('moveTo')} {...form.getInputProps('where')}>
        <Group mt={6}>
          <Radio value="customer" label={t('toCustomer')} />
          {device.customer && <Radio value="stock" label={t('toStock')} />}
        </Group>
      </Radio.Group>
      {form.values.where === 'customer' && <CustomerSelect label={t('customer')} required except={device.customer} {...form.getInputProps('to')} />}
      <Text size="sm" c="dimmed">{t('moveHint')}</Text>
      {lost.isError && <Alert color="red" role="alert">{lost.error.message}</Alert>}
      {lost.data?.length === 0 && <Alert color="green" py={8} role="status">{t('nothingLost')}</Alert>}
      {Boolean(lost.data?.length) && (
        <Alert color="orange" title={t('lost')} role="status">
          <Stack gap={4} mah={220} style={{ overflowY: 'auto' }}>
            <List listStyleType="none" spacing={4} size="sm">{lost.data!.map((l) => <List.Item key={l.kind + l.id}><Badge variant="default" tt="none" mr={8}>{t(l.kind)}</Badge>{l.name}</List.Item>)}</List>
          </Stack>
        </Alert>
      )}
    </FormDialog>
  );
}
