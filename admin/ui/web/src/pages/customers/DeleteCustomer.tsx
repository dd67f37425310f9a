// Deleting a customer takes the acting user's own credentials and a second
// yes. Both roads to it, the list and the panel, come through here.
import { Alert, Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http, isProblem, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { texts, useT } from '@/i18n';
import { useSubmit } from '@/parts/FormDialog';

const own = texts({
  title: ['Delete customer', 'Eliminar cliente', 'Excluir cliente', 'Supprimer le client'],
  hasDevices: ['The customer cannot be deleted because there are devices associated with it', 'No se puede eliminar el cliente porque existen dispositivos asociados a el', 'Não é possível excluir o cliente porque existem dispositivos associados a ele', 'Impossible de supprimer le client car des appareils lui sont associés'],
  hasInner: ['The customer cannot be deleted because it has inner customers', 'No se puede eliminar el cliente porque tiene clientes internos', 'Não é possível excluir o cliente porque ele possui clientes internos', 'Impossible de supprimer le client car il a des sous-clients'],
  credentials: ['Enter your own username and password to confirm', 'Ingrese las credenciales de su cuenta para confirmar', 'Informe as credenciais da sua conta para confirmar', 'Saisissez les identifiants de votre compte pour confirmer'],
  forGood: ['Deletion cannot be undone: to have this customer again, all its data must be entered as a new customer.', 'La eliminación no se puede deshacer: para volver a tener este cliente habrá que ingresar todos sus datos como un cliente nuevo.', 'A exclusão não pode ser desfeita: para ter este cliente de novo, será preciso informar todos os dados como um novo cliente.', 'La suppression est définitive : pour retrouver ce client, il faudra ressaisir toutes ses données comme un nouveau client.'],
  code: ['Code of your second factor', 'Código de su segundo factor', 'Código do seu segundo fator', 'Code de votre second facteur'],
  goesWith: ['With it go {users} {users|user|users} and {fences} {fences|geofence|geofences}.', 'Con él se eliminan {users} {users|usuario|usuarios} y {fences} {fences|geocerca|geocercas}.', 'Com ele serão excluídos {users} {users|usuário|usuários} e {fences} {fences|cerca virtual|cercas virtuais}.', 'Avec lui disparaissent {users} {users|utilisateur|utilisateurs} et {fences} {fences|zone|zones}.'],
});

interface Props {
  customer: Schemas['Customer'];
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteCustomer({ customer, onClose, onDeleted }: Props) {
  const t = useT(own);
  const me = useMe();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Schemas['RemovalAsked']>();
  const [refused, setRefused] = useState(customer.counts.devices > 0 ? t('hasDevices') : customer.counts.innerCustomers > 0 ? t('hasInner') : '');
  const [busy, setBusy] = useState(false);
  const form = useForm({ initialValues: { username: '', password: '', code: '' } });
  const params = { path: { id: customer.id } };
  const { busy: asking, failure, send, setFailure } = useSubmit(form, async ({ username, password, code }) => {
    try {
      setAsked((await http.POST('/api/v1/customers/{id}/removal', { params, body: { username: username.trim(), password, ...(code && { code }) } })).data);
    } catch (err) {
      if (!isProblem(err, 409)) throw err;
      setRefused(err.message); // devices came since the list was read
    }
  });
  const remove = async () => {
    setBusy(true);
    try {
      await http.DELETE('/api/v1/customers/{id}', { params: { ...params, header: { Confirmation: asked!.confirmation } } } as never);
      notifications.show({ color: 'green', message: t('deleted') });
      await client.invalidateQueries({ queryKey: ['customers'] });
      onClose();
      onDeleted?.();
    } catch (err) {
      if (isProblem(err, 409)) setRefused(err.message);
      else setFailure(err instanceof Error ? err.message : String(err));
      setAsked(undefined);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={`${t('title')}: ${customer.name}`} closeButtonProps={{ 'aria-label': t('close') }}>
      {refused ? (
        <Stack>
          <Alert color="red" role="alert">{refused}</Alert>
          <Group justify="flex-end"><Button onClick={onClose} data-autofocus>{t('close')}</Button></Group>
        </Stack>
      ) : asked ? (
        <Stack role="alertdialog" aria-label={asked.question}>
          <Text fw={600}>{asked.question}</Text>
          <Text size="sm" c="dimmed">{asked.notice}</Text>
          {(asked.counts.users > 0 || asked.counts.geofences > 0) && <Text size="sm">{t('goesWith', { users: asked.counts.users, fences: asked.counts.geofences })}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>{t('cancel')}</Button>
            <Button color="red" loading={busy} onClick={remove}>{t('delete')}</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={form.onSubmit(send)}>
          <Stack gap="sm">
            <Alert color="red" variant="light">{t('forGood')}</Alert>
            <Text size="sm">{t('credentials')}</Text>
            {failure && <Alert color="red" role="alert">{failure}</Alert>}
            <TextInput label={t('username')} required data-autofocus autoComplete="username" {...form.getInputProps('username')} />
            <PasswordInput label={t('password')} required autoComplete="current-password" {...form.getInputProps('password')} />
            {me.user.secondFactor && <TextInput label={t('code')} required autoComplete="one-time-code" inputMode="numeric" {...form.getInputProps('code')} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>{t('cancel')}</Button>
              <Button type="submit" color="red" loading={asking}>{t('next')}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
