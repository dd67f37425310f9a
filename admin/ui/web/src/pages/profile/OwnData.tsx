import { Alert, Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/client';
import { userInput } from '@/api/inputs';
import { useCan, useMe, type Me } from '@/api/session';
import { useLang, useT, type Lang } from '@/i18n';
import { filled } from '@/parts/clean';
import { useSubmit } from '@/parts/FormDialog';
import { LanguageSelect, TimezoneSelect } from '@/parts/places';
import { words } from './words';

const valuesOf = (u: Me['user']) => ({ firstName: u.firstName ?? u.name, lastName: u.lastName ?? '', email: u.email, phone: u.phone ?? '', lang: u.lang as string, timezone: u.timezone });

export function OwnData() {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const client = useQueryClient();
  const { lang, setLang } = useLang();
  const may = can('user.update');
  const must = filled(t('required'));
  const form = useForm({ initialValues: { ...valuesOf(me.user), lang: may ? me.user.lang : lang }, validate: { firstName: must, email: must, timezone: must } });
  const { busy, failure, send } = useSubmit(form, async (v) => {
    if (may) {
      const { data } = await http.GET('/api/v1/users/{id}', { params: { path: { id: me.user.id } } });
      await http.PUT('/api/v1/users/{id}', { params: { path: { id: me.user.id } }, body: userInput(data!, { ...v, name: undefined, lang: v.lang as Lang }) });
      await client.invalidateQueries({ queryKey: ['me'] });
    }
    setLang(v.lang as Lang);
    notifications.show({ color: 'green', message: t('saved') });
  });
  const field = (name: 'firstName' | 'lastName' | 'email' | 'phone') => ({ ...form.getInputProps(name), readOnly: !may, variant: may ? undefined : 'filled' });
  return (
    <form noValidate onSubmit={form.onSubmit(send)}>
      <Stack>
        {failure && <Alert color="red" role="alert">{failure}</Alert>}
        {!may && <Text size="sm" c="dimmed">{t('askAdmin')}</Text>}
        <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
          <TextInput label={t('firstName')} required={may} maxLength={60} autoComplete="given-name" {...field('firstName')} />
          <TextInput label={t('lastName')} maxLength={60} autoComplete="family-name" {...field('lastName')} />
          <TextInput label={t('email')} required={may} type="email" autoComplete="email" {...field('email')} />
          <TextInput label={t('phone')} type="tel" autoComplete="tel" {...field('phone')} />
          <LanguageSelect required {...form.getInputProps('lang')} />
          <TimezoneSelect required={may} disabled={!may} {...form.getInputProps('timezone')} />
        </SimpleGrid>
        <Group><Button type="submit" loading={busy}>{t('save')}</Button></Group>
      </Stack>
    </form>
  );
}
