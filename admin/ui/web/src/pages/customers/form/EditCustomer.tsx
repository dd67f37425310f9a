import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { notifications } from '@mantine/notifications';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { ImagePicker, imageOf } from '@/parts/ImagePicker';
import { useCustomer } from '../../customer/data';
import { words } from '../words';
import { Details } from './Details';
import { inputOf, kept, valuesOf, type Customer, type Values } from './values';

/** The window in which a customer is changed; the row shows what was saved without a reload. */
export function EditCustomer({ customer, onClose, onDelete }: { customer: Customer; onClose: () => void; onDelete?: () => void }) {
  const t = useT(words);
  const client = useQueryClient();
  const can = useCan();
  const now = useCustomer(customer.id).data; // with the image put a moment ago
  const form = useForm<Values>({
    initialValues: valuesOf(customer),
    validate: { name: filled(t('required')), code: filled(t('required')) },
  });
  const save = async (v: Values) => {
    await http.PUT('/api/v1/customers/{id}', { params: { path: { id: customer.id } }, body: { ...kept(customer), ...inputOf(v, customer.version) } });
    await Promise.all([client.invalidateQueries({ queryKey: ['customers'] }), client.invalidateQueries({ queryKey: ['customer', customer.id] })]);
    notifications.show({ color: 'green', message: t('saved') });
  };
  return (
    <FormDialog opened onClose={onClose} title={`${t('editTitle')}: ${customer.name}`} form={form} onSubmit={save} size={860}>
      {can('image.read') && <ImagePicker path={`/api/v1/customers/${customer.id}/image`} name={customer.name} image={imageOf(now ?? customer)} onChanged={() => { void client.invalidateQueries({ queryKey: ['customers'] }); void client.invalidateQueries({ queryKey: ['customer', customer.id] }); }} />}
      <Details form={form} stored={customer} />
      {onDelete && <div><Button variant="light" color="red" leftSection={<IconTrash size={16} />} onClick={onDelete}>{t('deleteCustomer')}</Button></div>}
    </FormDialog>
  );
}
