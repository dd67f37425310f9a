import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { CopyBox } from '@/parts/CopyBox';
import { sayProblem } from '@/parts/problems';
import { words } from './words';

/** A password with which the device signs in at the embedded MQTT broker, shown this once. */
export function Secret({ device, onClose }: { device: Device; onClose: () => void }) {
  const t = useT(words);
  const client = useQueryClient();
  const [secret, setSecret] = useState('');
  const make = () => http.POST('/api/v1/devices/{id}/secret', { params: { path: { id: device.id } }, body: { version: device.version } }).then(({ data }) => {
    setSecret(data!.secret);
    void client.invalidateQueries({ queryKey: ['device', device.id] });
  }, sayProblem);
  return (
    <Modal opened onClose={onClose} title={t('mqttPassword')} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text size="sm">{t('mqttText', { id: device.uniqueId })}</Text>
        {secret && <CopyBox label={t('password')} value={secret} once />}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>{secret ? t('close') : t('cancel')}</Button>{!secret && <Button onClick={make}>{t('make')}</Button>}</Group>
      </Stack>
    </Modal>
  );
}
