import { Alert, Button, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { http } from '@/api/client';
import { useT } from '@/i18n';
import { useSubmit } from '@/parts/FormDialog';
import { NewPassword, usePasswordRules } from '@/parts/PasswordInput';
import { Door, takeToken } from './Door';
import { words } from './words';

export function Activate() {
  const t = useT(words);
  const [token] = useState(takeToken);
  const rules = usePasswordRules(token);
  const form = useForm({ initialValues: { password: '' } });
  const met = rules.every((r) => new RegExp(r.pattern, 'u').test(form.values.password));
  const { busy, failure, send } = useSubmit(form, async ({ password }) => {
    await http.POST('/api/v1/activate', { body: { token, password } });
    location.replace('/');
  });
  if (!token) return <Door title={t('activateTitle')} text={t('lacks')}>{null}</Door>;
  return (
    <Door title={t('activateTitle')} text={t('activateText')}>
      <form onSubmit={form.onSubmit(send)}>
        <Stack>
          {failure && <Alert color="red" role="alert">{failure}</Alert>}
          <NewPassword label={t('newPassword')} required autoFocus token={token} {...form.getInputProps('password')} />
          <Button type="submit" loading={busy} disabled={!met} fullWidth>{t('savePassword')}</Button>
        </Stack>
      </form>
    </Door>
  );
}
