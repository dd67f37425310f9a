import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { userInput } from '@/api/inputs';
import { useT } from '@/i18n';
import { DevicePicker } from '@/parts/DevicePicker';
import { words } from '../words';
import type { User } from './data';

/** All the customer's devices with a tick at those that the user sees. */
export function AssignDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useT(words);
  const client = useQueryClient();
  const [ids, setIds] = useState(user.devices);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const save = async () => {
    setBusy(true);
    try {
      // Read again: the list may be older than the last change to the user.
      const { data } = await http.GET('/api/v1/users/{id}', { params: { path: { id: user.id } } });
      await http.PUT('/api/v1/users/{id}', { params: { path: { id: user.id } }, body: userInput(data!, { devices: ids }) });
      await client.invalidateQueries({ queryKey: ['users'] });
      notifications.show({ color: 'green', message: t('saved') });
      onClose();
    } catch (err) {
      setFailure(err instanceof Error ? err.message : String(err));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('assignTitle', { name: user.name })} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        {failure && <Alert color="red" role="alert">{failure}</Alert>}
        <DevicePicker owner={user.customer!} value={ids} onChange={setIds} />
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button loading={busy} onClick={save}>{t('save')}</Button></Group>
      </Stack>
    </Modal>
  );
}
