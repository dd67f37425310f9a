// Setting up a second factor: the password, a QR code, a first code, and the
// recovery codes that are shown once.
import { Alert, Badge, Button, Group, Modal, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { CopyBox } from '@/parts/CopyBox';
import { useSubmit } from '@/parts/FormDialog';
import { QrCode } from '@/parts/QrCode';
import { words } from './words';

export function SecondFactor() {
  const t = useT(words);
  const me = useMe();
  const [doing, setDoing] = useState<'set' | 'end'>();
  const on = me.user.secondFactor;
  return (
    <Stack maw={560} gap="sm">
      <Group gap="xs"><Title order={2} size="h4">{t('second')}</Title><Badge variant="light" tt="none" color={on ? 'green' : 'gray'}>{on ? t('secondOn') : t('secondOff')}</Badge></Group>
      <Text size="sm" c="dimmed">{t('secondText')}</Text>
      <Group gap="xs">
        <Button variant={on ? 'default' : 'filled'} onClick={() => setDoing('set')}>{on ? t('replace') : t('setUp')}</Button>
        {on && <Button variant="light" color="red" onClick={() => setDoing('end')}>{t('turnOff')}</Button>}
      </Group>
      {doing && <Steps ending={doing === 'end'} onClose={() => setDoing(undefined)} />}
    </Stack>
  );
}

function Steps({ ending, onClose }: { ending: boolean; onClose: () => void }) {
  const t = useT(words);
  const me = useMe();
  const client = useQueryClient();
  const [shared, setShared] = useState<Schemas['Shared']>();
  const [recovery, setRecovery] = useState<string[]>();
  const changed = () => client.invalidateQueries({ queryKey: ['me'] });
  const proof = useForm({ initialValues: { password: '', code: '' } });
  const first = useSubmit(proof, async ({ password, code }) => {
    const body = { password, ...(code && { code }) };
    if (!ending) return setShared((await http.POST('/api/v1/me/second-factor', { body })).data);
    await http.POST('/api/v1/me/second-factor/end', { body });
    await changed();
    onClose();
  });
  const confirm = useForm({ initialValues: { code: '' } });
  const second = useSubmit(confirm, async ({ code }) => {
    setRecovery((await http.POST('/api/v1/me/second-factor/confirm', { body: { code: code.trim() } })).data!.recovery);
    await changed();
  });
  return (
    <Modal opened onClose={onClose} title={t('second')} closeButtonProps={{ 'aria-label': t('close') }} closeOnClickOutside={!recovery}>
      {recovery ? (
        <Stack><Text size="sm">{t('recoveryText')}</Text><CopyBox label={t('recovery')} value={recovery.join('\n')} once /><Group justify="flex-end"><Button onClick={onClose}>{t('done')}</Button></Group></Stack>
      ) : shared ? (
        <form onSubmit={confirm.onSubmit(second.send)}>
          <Stack>
            <Text size="sm">{t('scan')}</Text>
            <QrCode text={shared.address} label={t('qr')} />
            <CopyBox label={t('key')} value={shared.key} />
            {second.failure && <Alert color="red" role="alert">{second.failure}</Alert>}
            <TextInput label={t('code')} required data-autofocus inputMode="numeric" autoComplete="one-time-code" {...confirm.getInputProps('code')} />
            <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button type="submit" loading={second.busy}>{t('finish')}</Button></Group>
          </Stack>
        </form>
      ) : (
        <form onSubmit={proof.onSubmit(first.send)}>
          <Stack>
            <Text size="sm">{t('proof')}</Text>
            {first.failure && <Alert color="red" role="alert">{first.failure}</Alert>}
            <PasswordInput label={t('password')} required data-autofocus autoComplete="current-password" {...proof.getInputProps('password')} />
            {me.user.secondFactor && <TextInput label={t('currentCode')} required inputMode="numeric" autoComplete="one-time-code" {...proof.getInputProps('code')} />}
            <Group justify="flex-end"><Button variant="default" onClick={onClose}>{t('cancel')}</Button><Button type="submit" color={ending ? 'red' : undefined} loading={first.busy}>{ending ? t('turnOff') : t('next')}</Button></Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
