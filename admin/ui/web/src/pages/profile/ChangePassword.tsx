import { Alert, Button, Group, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { useSubmit } from '@/parts/FormDialog';
import { NewPassword, usePasswordRules } from '@/parts/PasswordInput';
import { words } from './words';

export function ChangePassword() {
  const t = useT(words);
  const me = useMe();
  const client = useQueryClient();
  const rules = usePasswordRules();
  const form = useForm({
    initialValues: { current: '', new: '', again: '', code: '' },
    validate: { new: filled(t('required')), again: (v, all) => (v === all.new ? null : t('differ')) },
  });
  const met = rules.every((r) => new RegExp(r.pattern, 'u').test(form.values.new));
  const { busy, failure, send } = useSubmit(form, async (v) => {
    await http.POST('/api/v1/me/password', { body: { new: v.new, ...(v.current && { current: v.current }), ...(v.code && { code: v.code }) } });
    form.reset();
    void client.invalidateQueries({ queryKey: ['sessions'] });
    notifications.show({ color: 'green', message: t('changed') });
  });
  return (
    <form noValidate onSubmit={form.onSubmit(send)}>
      <Stack maw={420} gap="sm">
        <Title order={2} size="h4">{t('changePassword')}</Title>
        {failure && <Alert color="red" role="alert">{failure}</Alert>}
        <input type="text" hidden readOnly autoComplete="username" value={me.user.username} />
        <PasswordInput label={t('current')} autoComplete="current-password" {...form.getInputProps('current')} />
        <NewPassword label={t('fresh')} required {...form.getInputProps('new')} />
        <PasswordInput label={t('again')} required autoComplete="new-password" {...form.getInputProps('again')} />
        {me.user.secondFactor && <TextInput label={t('code')} inputMode="numeric" autoComplete="one-time-code" {...form.getInputProps('code')} />}
        <Group><Button type="submit" loading={busy} disabled={!met || !form.values.new}>{t('save')}</Button></Group>
      </Stack>
    </form>
  );
}
