// What one Save stores of a person: details, address, additional fields.
import { Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { ActivationFields } from '@/parts/Activation';
import { ExtraFields } from '@/parts/ExtraFields';
import { ImagePicker, imageOf } from '@/parts/ImagePicker';
import { Note } from '@/parts/Note';
import { CountrySelect, LanguageSelect, TimezoneSelect } from '@/parts/places';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { Geolocation } from './Geolocation';
import { grantable } from './grantable';
import type { PersonValues } from './form';
import { words } from './words';

type Form = UseFormReturnType<PersonValues>;

export function Details({ form, stored, staff, onImage }: { form: Form; stored?: Schemas['User']; staff: boolean; onImage: () => void }) {
  const t = useT(words);
  const me = useMe();
  const can = useCan();
  const toggle = (name: 'enabled' | 'web' | 'ios' | 'android' | 'commands', label: string, hint?: string) => <Switch label={label} description={hint} {...form.getInputProps(name, { type: 'checkbox' })} />;
  const roles = staff ? grantable(me.user.role) : (['customerUser', 'customerAdmin'] as const);
  return (
    <Stack>
      {stored && can('image.read') && can('user.update') && <ImagePicker path={`/api/v1/users/${stored.id}/image`} name={stored.name} image={imageOf(stored)} onChanged={onImage} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('firstName')} required maxLength={60} {...form.getInputProps('firstName')} />
        <TextInput label={t('lastName')} maxLength={60} {...form.getInputProps('lastName')} />
        <TextInput label={t('email')} required type="email" maxLength={254} {...form.getInputProps('email')} />
        <TextInput label={t('phone')} type="tel" {...form.getInputProps('phone')} />
        <TextInput label={t('username')} placeholder={form.values.email} maxLength={64} {...form.getInputProps('username')} />
        {!stored && <Select label={t('role')} required allowDeselect={false} data={roles.map((r) => ({ value: r, label: t(r) }))} {...form.getInputProps('role')} />}
        {!staff && <CustomerSelect label={t('customer')} required disabled={Boolean(stored)} {...form.getInputProps('customer')} />}
        <LanguageSelect label={t('culture')} required {...form.getInputProps('lang')} />
        <TimezoneSelect required {...form.getInputProps('timezone')} />
      </SimpleGrid>
      {!stored && <ActivationFields form={form} />}
      {!stored && <Note grade="note">{t('firstSave')}</Note>}
      {stored?.flags.includes('no-email') && <Note grade="warning">{t('noEmail')}</Note>}
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} verticalSpacing="sm">
        {toggle('enabled', t('active'), t('enabled'))}{toggle('web', t('web'))}{!staff && toggle('ios', t('ios'))}{!staff && toggle('android', t('android'))}{toggle('commands', t('commands'))}
      </SimpleGrid>
    </Stack>
  );
}

export function Address({ form, company, stored }: { form: Form; company?: string; stored?: Schemas['User'] }) {
  const t = useT(words);
  const can = useCan();
  const locations = useQuery({
    queryKey: ['locations', 'all', company], enabled: can('location.read'),
    queryFn: async () => (await http.GET('/api/v1/locations', { params: { query: { limit: 1000 } } })).data!.items,
  }).data ?? [];
  const take = (id: string | null) => {
    form.setFieldValue('location', id);
    const l = locations.find((one) => one.id === id);
    if (l) form.setValues({ country: l.country ?? '', city: l.city ?? '', zip: l.zip ?? '', address: l.address ?? '', addressReference: l.addressReference ?? '', lat: l.lat ?? '', lon: l.lon ?? '' });
  };
  return (
    <Stack>
      {locations.length > 0 && <Select label={t('location')} description={t('locationHint')} searchable clearable data={locations.map((l) => ({ value: l.id!, label: l.name }))} {...form.getInputProps('location')} onChange={take} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <CountrySelect clearable {...form.getInputProps('country')} value={form.values.country || null} onChange={(v) => form.setFieldValue('country', v ?? '')} />
        <TextInput label={t('city')} maxLength={120} {...form.getInputProps('city')} />
        <TextInput label={t('address')} maxLength={500} {...form.getInputProps('address')} />
        <TextInput label={t('zip')} maxLength={20} {...form.getInputProps('zip')} />
        <TextInput label={t('addressReference')} maxLength={500} {...form.getInputProps('addressReference')} />
      </SimpleGrid>
      <Geolocation form={form} locked={!stored} readOnly={!can('user.update')} locations={locations} />
    </Stack>
  );
}

export function Additional({ form, staff, company }: { form: Form; staff: boolean; company?: string }) {
  return <ExtraFields entity={staff ? 'operator' : 'user'} company={company} value={form.values.extra} onChange={(extra) => form.setFieldValue('extra', extra)} errors={form.errors} />;
}
