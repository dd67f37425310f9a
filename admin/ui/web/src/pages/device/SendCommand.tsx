// A command in a window. What could hurt somebody asks for the own password,
// and an engine at speed is asked about once more.
import { Alert, NumberInput, PasswordInput, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { http, isProblem, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import type { Device } from '@/pages/devices/data';
import { clean, filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { words } from './commandWords';

type Kind = Schemas['CommandInput']['kind'];

interface Props { device: Device; ability: Schemas['CommandAbility']; onClose: () => void; onSent: () => void }

export function SendCommand({ device, ability, onClose, onSent }: Props) {
  const t = useT(words);
  const me = useMe();
  const [fast, setFast] = useState<{ speed?: number }>(); // the second question
  const confirmed = useRef<{ secret: string; until: number }>(undefined);
  const asked = useRef(false);
  const kinds = ability.kinds as Kind[];
  const form = useForm({
    initialValues: { kind: kinds[0]!, seconds: 30 as number | string, text: '', username: me.user.username || me.user.email || '', password: '', code: '' },
    validate: {
      seconds: (v, all) => (all.kind === 'interval' ? filled(t('required'))(v) : null),
      text: (v, all) => (all.kind === 'custom' ? filled(t('required'))(v) : null),
      username: (v, all) => (ability.password.includes(all.kind) ? filled(t('required'))(v) : null),
      password: (v, all) => (ability.password.includes(all.kind) ? filled(t('required'))(v) : null),
    },
  });
  const { kind } = form.values, grave = ability.password.includes(kind);
  const choose = (k: string | null) => { setFast(undefined); asked.current = false; form.setFieldValue('kind', k as Kind); };
  const save = async (v: typeof form.values) => {
    asked.current = false;
    if (grave && !(confirmed.current && confirmed.current.until > Date.now() + 5000)) {
      const { data } = await http.POST('/api/v1/devices/{id}/command-confirmation', { params: { path: { id: device.id } }, body: clean({ username: v.username, password: v.password, code: v.code }) });
      confirmed.current = { secret: data!.confirmation, until: Date.parse(data!.expires) };
    }
    const body = clean({ device: device.id, kind: v.kind, seconds: v.kind === 'interval' ? Number(v.seconds) : undefined, text: v.kind === 'custom' ? v.text : undefined, anySpeed: fast ? true : undefined });
    try {
      await http.POST('/api/v1/commands', { params: { header: grave ? { Confirmation: confirmed.current!.secret } : {} }, body });
    } catch (err) {
      if (!isProblem(err, 409) || err.code !== 'confirm-speed') { confirmed.current = undefined; throw err; }
      asked.current = true; // the window stays, with the second question
      setFast({ speed: err.body.speed });
      return;
    }
    onSent();
    notifications.show({ color: 'green', message: t('handed') });
  };
  const stop = kind === 'engineStop';
  return (
    <FormDialog opened onClose={() => { if (asked.current) asked.current = false; else onClose(); }} title={`${t('send')}: ${device.name}`} form={form} onSubmit={save} danger={stop} submitLabel={fast ? t('stopAnyway') : t('sendNow')} size="md">
      <Select label={t('kind')} required allowDeselect={false} data={kinds.map((k) => ({ value: k, label: t(k) }))} value={kind} onChange={choose} data-autofocus />
      {kind === 'interval' && <NumberInput label={t('seconds')} required min={1} max={86400} {...form.getInputProps('seconds')} />}
      {kind === 'custom' && <TextInput label={t('text')} description={t('textHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} required maxLength={200} {...form.getInputProps('text')} />}
      {stop && <Alert color="red" icon={<IconAlertTriangle />} py={8}>{t('stopWarn')}</Alert>}
      {grave && !fast && (
        <>
          <Text size="sm" fw={600}>{t('grave')}</Text>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label={t('username')} required autoComplete="username" {...form.getInputProps('username')} />
            <PasswordInput label={t('password')} required autoComplete="current-password" {...form.getInputProps('password')} />
            <TextInput label={t('code')} description={t('codeHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} inputMode="numeric" autoComplete="one-time-code" maxLength={32} {...form.getInputProps('code')} />
          </SimpleGrid>
        </>
      )}
      {fast && <Alert color="red" variant="filled" icon={<IconAlertTriangle />} role="alert"><Text fw={600}>{fast.speed ? t('fast', { speed: fast.speed }) : t('fastUnknown')}</Text></Alert>}
    </FormDialog>
  );
}
