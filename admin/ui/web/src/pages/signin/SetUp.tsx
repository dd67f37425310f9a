import { Alert, Button, Checkbox, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { http } from '@/api/client';
import { useLang, useT } from '@/i18n';
import { useSubmit } from '@/parts/FormDialog';
import { NewPassword } from '@/parts/PasswordInput';
import { Door, takeToken } from './Door';
import { words } from './words';

const zones = Intl.supportedValuesOf('timeZone');

export function SetUp() {
  const t = useT(words);
  const { lang } = useLang();
  const [token] = useState(takeToken);
  const form = useForm({
    initialValues: { company: { name: '', timezone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC' }, name: '', email: '', password: '', several: false },
  });
  const { busy, failure, send } = useSubmit(form, async ({ company, name, email, password, several }) => {
    await http.POST('/api/v1/setup', { body: { token, name, email, password: password || undefined, company: { ...company, lang }, severalCompanies: several || undefined } });
    location.replace('/');
  });
  if (!token) return <Door title={t('setUpTitle')} text={t('lacks')}>{null}</Door>;
  return (
    <Door title={t('setUpTitle')} text={t('setUpText')}>
      <form onSubmit={form.onSubmit(send)} noValidate>
        <Stack>
          {failure && <Alert color="red" role="alert">{failure}</Alert>}
          <TextInput label={t('company')} required autoFocus {...form.getInputProps('company.name')} />
          <Select label={t('timezone')} required searchable data={zones} {...form.getInputProps('company.timezone')} />
          <TextInput label={t('yourName')} required autoComplete="name" {...form.getInputProps('name')} />
          <TextInput label={t('yourMail')} required type="email" autoComplete="email" {...form.getInputProps('email')} />
          <NewPassword label={t('password')} required {...form.getInputProps('password')} />
          <Checkbox label={t('several')} description={t('severalText')} {...form.getInputProps('several', { type: 'checkbox' })} />
          <Button type="submit" loading={busy} fullWidth>{t('create')}</Button>
        </Stack>
      </form>
    </Door>
  );
}
