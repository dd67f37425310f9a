// A user of this customer. Whoever makes one is told at the end to assign
// devices, since without them the new user sees nothing.
import { Alert, Button, Group, Modal, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { userInput } from '@/api/inputs';
import { useT } from '@/i18n';
import { ActivationFields, activationOf, ActivationResult, useActivationReady } from '@/parts/Activation';
import { clean, filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { ModuleTicks } from '@/parts/ModuleTicks';
import { LanguageSelect, TimezoneSelect } from '@/parts/places';
import type { Customer } from '../data';
import { words } from '../words';
import type { User } from './data';

interface Props { customer: Customer; user?: User; onClose: () => void; onAssign: (u: User) => void }

export function UserDialog({ customer, user, onClose, onAssign }: Props) {
  const t = useT(words);
  const client = useQueryClient();
  const [made, setMade] = useState<Schemas['UserMade'] & User>();
  const stay = useRef(false); // a new user's link is shown before the window closes
  const form = useForm({
    initialValues: {
      firstName: user?.firstName ?? (user ? user.name : ''), lastName: user?.lastName ?? '', email: user?.email ?? '', username: user?.username ?? '', phone: user?.phone ?? '',
      lang: user?.lang ?? customer.lang, timezone: user?.timezone ?? customer.timezone, role: (user?.role ?? customer.defaultUserRole) as string,
      enabled: !user?.disabled, web: user?.web ?? true, ios: user?.ios ?? true, android: user?.android ?? true, commands: user?.commands ?? false,
      modules: user?.modules ?? customer.modules, activation: { method: 'email' as 'email' | 'link' | 'password', password: '' },
    },
    validate: { firstName: filled(t('required')), email: filled(t('required')), lang: filled(t('required')), timezone: filled(t('required')) },
  });
  const v = form.values;
  const ready = useActivationReady(v.activation);
  const save = async ({ activation, enabled, ...rest }: typeof v) => {
    const own = { ...rest, name: undefined, disabled: !enabled, role: rest.role as User['role'], lang: rest.lang as User['lang'] };
    if (user) await http.PUT('/api/v1/users/{id}', { params: { path: { id: user.id } }, body: userInput(user, own) });
    else {
      const { data } = await http.POST('/api/v1/users', { body: { ...clean({ ...own, customer: customer.id }), activation: activationOf(activation) } });
      stay.current = true;
      setMade(data as never);
    }
    for (const key of ['users', 'customer', 'customers']) void client.invalidateQueries({ queryKey: [key] });
  };

  if (made) {
    return (
      <Modal opened onClose={onClose} title={made.name} closeButtonProps={{ 'aria-label': t('close') }}>
        <Stack>
          <ActivationResult result={made.activation} email={made.email} name={made.name} />
          {made.role === 'customerUser' && <Alert color="orange" role="alert"><Text size="sm" fw={600}>{t('mustAssign')}</Text></Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>{t('close')}</Button>
            {made.role === 'customerUser' && <Button data-autofocus onClick={() => onAssign(made)}>{t('assignNow')}</Button>}
          </Group>
        </Stack>
      </Modal>
    );
  }
  const toggle = (name: 'enabled' | 'web' | 'ios' | 'android' | 'commands', label: string, hint?: string) => <Switch label={label} description={hint} {...form.getInputProps(name, { type: 'checkbox' })} />;
  return (
    <FormDialog opened onClose={() => { if (!stay.current) onClose(); }} title={user ? `${t('editUser')}: ${user.name}` : t('addUser')} form={form} onSubmit={save} blocked={!ready} size={720}>
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <TextInput label={t('firstName')} required data-autofocus maxLength={60} {...form.getInputProps('firstName')} />
        <TextInput label={t('lastName')} maxLength={60} {...form.getInputProps('lastName')} />
        <TextInput label={t('email')} required type="email" maxLength={254} {...form.getInputProps('email')} />
        <TextInput label={t('username')} placeholder={v.email} maxLength={64} {...form.getInputProps('username')} />
        <LanguageSelect required {...form.getInputProps('lang')} />
        <TimezoneSelect required {...form.getInputProps('timezone')} />
        <TextInput label={t('phone')} type="tel" {...form.getInputProps('phone')} />
        <Select label={t('role')} required allowDeselect={false} disabled={user?.primary} data={[{ value: 'customerUser', label: t('customerUser') }, { value: 'customerAdmin', label: t('customerAdmin') }]} {...form.getInputProps('role')} />
      </SimpleGrid>
      {!user && <ActivationFields form={form} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        {toggle('enabled', t('status'), t('enabled'))}{toggle('commands', t('commands'), t('commandsHint'))}{toggle('web', t('web'))}{toggle('ios', t('ios'))}{toggle('android', t('android'))}
      </SimpleGrid>
      <Text size="sm" fw={550}>{t('userModules')}</Text>
      <ModuleTicks company={customer.company} available={customer.modules} value={v.modules} onChange={(m) => form.setFieldValue('modules', m)} />
    </FormDialog>
  );
}
