import { Alert, Button, Code, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { http, isProblem } from '@/api/client';
import { useT } from '@/i18n';
import { useSubmit } from '@/parts/FormDialog';
import { Door, takeToken } from './Door';
import { words } from './words';

/** After sign-in people go on to where they were going, or to where they belong. */
const goOn = () => {
  const next = new URLSearchParams(location.search).get('next');
  location.replace(next?.startsWith('/') && !next.startsWith('//') ? next : '/');
};

export function SignIn() {
  const t = useT(words);
  const [token] = useState(takeToken);
  const [second, setSecond] = useState(false);
  const form = useForm({ initialValues: { username: '', password: '', code: '' } });
  const { busy, failure, send } = useSubmit(form, async ({ username, password, code }) => {
    try {
      await http.POST('/api/v1/login', { body: token ? { token } : { username: username.trim(), password, ...(code && { code }) } });
      goOn();
    } catch (err) {
      if (isProblem(err) && err.code === 'second-factor') setSecond(true);
      throw err;
    }
  });
  return (
    <Door title={t('title')} text={token ? t('linkText') : undefined}>
      <form onSubmit={form.onSubmit(send)}>
        <Stack>
          {failure && <Alert color="red" role="alert">{failure}</Alert>}
          {!token && (
            <>
              <TextInput label={t('name')} required autoComplete="username" autoFocus {...form.getInputProps('username')} />
              <PasswordInput label={t('password')} required autoComplete="current-password" {...form.getInputProps('password')} />
              {second && <TextInput label={t('code')} autoComplete="one-time-code" autoFocus {...form.getInputProps('code')} />}
            </>
          )}
          <Button type="submit" loading={busy} fullWidth>{t('sign')}</Button>
        </Stack>
      </form>
      <Text size="xs" c="dimmed">{t('lost')} <Code>vigia setup-link</Code></Text>
    </Door>
  );
}
