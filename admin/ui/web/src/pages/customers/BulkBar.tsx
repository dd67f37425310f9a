// Several customers at once: a tag for all of them, suspended, or let in again.
import { Alert, Button, Group, Paper, TagsInput, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { IconPlayerPause, IconPlayerPlay, IconTags, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { texts, useT } from '@/i18n';
import { filled } from '@/parts/clean';
import { FormDialog } from '@/parts/FormDialog';
import { sayProblem } from '@/parts/problems';
import { changed } from './form/values';
import { words } from './words';

type Customer = Schemas['Customer'];
const own = texts({
  chosen: ['{n} chosen', '{n} {n|elegido|elegidos}', '{n} {n|escolhido|escolhidos}', '{n} {n|choisi|choisis}'],
  tag: ['Tag', 'Etiquetar', 'Etiquetar', 'Étiqueter'],
  suspend: ['Suspend', 'Suspender', 'Suspender', 'Suspendre'],
  resume: ['Let in again', 'Reactivar', 'Reativar', 'Réactiver'],
  none: ['Choose none', 'Quitar selección', 'Limpar seleção', 'Tout désélectionner'],
  added: ['These tags are added; those that a customer has stay.', 'Estas etiquetas se agregan; las que ya tiene cada cliente quedan.', 'Estas etiquetas são adicionadas; as que cada cliente já tem ficam.', 'Ces étiquettes s’ajoutent ; celles d’un client restent.'],
  suspendText: ['Nobody of these customers can sign in until you let them in again. Their devices go on being watched.', 'Nadie de estos clientes podrá ingresar hasta que los reactive. Sus dispositivos se siguen vigilando.', 'Ninguém destes clientes poderá entrar até que os reative. Os dispositivos continuam vigiados.', 'Personne chez ces clients ne pourra se connecter avant leur réactivation. Leurs appareils restent surveillés.'],
  done: ['{n} {n|customer|customers} changed', '{n} {n|cliente modificado|clientes modificados}', '{n} {n|cliente alterado|clientes alterados}', '{n} {n|client modifié|clients modifiés}'],
});

export function BulkBar({ customers, onClear }: { customers: Customer[]; onClear: () => void }) {
  const t = useT({ ...words, ...own });
  const client = useQueryClient();
  const [doing, setDoing] = useState<'tag' | 'suspend'>();
  const [busy, setBusy] = useState(false);
  /** One after the other: each is a change of its own, and stands in the audit. */
  const each = async (change: (c: Customer) => Partial<Schemas['CustomerInput']>) => {
    setBusy(true);
    let n = 0;
    try {
      for (const { id } of customers) {
        const c = (await http.GET('/api/v1/customers/{id}', { params: { path: { id } } })).data!; // as it is by now
        await http.PUT('/api/v1/customers/{id}', { params: { path: { id } }, body: changed(c, change(c)) });
        n++;
      }
      onClear();
    } finally {
      setBusy(false);
      for (const key of ['customers', 'customer']) void client.invalidateQueries({ queryKey: [key] });
      if (n) notifications.show({ color: 'green', message: t('done', { n }) });
    }
  };
  return (
    <Paper withBorder radius="md" px="sm" py={6} role="group" aria-label={t('chosen', { n: customers.length })}>
      <Group gap="xs">
        <Text size="sm" fw={600} className="tabular">{t('chosen', { n: customers.length })}</Text>
        <Button size="xs" variant="light" leftSection={<IconTags size={15} />} onClick={() => setDoing('tag')}>{t('tag')}</Button>
        <Button size="xs" variant="light" color="red" leftSection={<IconPlayerPause size={15} />} onClick={() => setDoing('suspend')}>{t('suspend')}</Button>
        {customers.some((c) => c.suspended) && <Button size="xs" variant="light" color="green" loading={busy} leftSection={<IconPlayerPlay size={15} />} onClick={() => void each(() => ({ suspended: false, suspendReason: '' })).catch(sayProblem)}>{t('resume')}</Button>}
        <Button size="xs" variant="subtle" color="gray" leftSection={<IconX size={15} />} onClick={onClear}>{t('none')}</Button>
      </Group>
      {doing === 'tag' && <TagDialog onClose={() => setDoing(undefined)} onSend={(tags) => each((c) => ({ tags: [...new Set([...(c.tags ?? []), ...tags])] }))} />}
      {doing === 'suspend' && <SuspendDialog onClose={() => setDoing(undefined)} onSend={(reason) => each(() => ({ suspended: true, suspendReason: reason }))} />}
    </Paper>
  );
}

function TagDialog({ onClose, onSend }: { onClose: () => void; onSend: (tags: string[]) => Promise<void> }) {
  const t = useT({ ...words, ...own });
  const form = useForm({ initialValues: { tags: [] as string[] }, validate: { tags: (v) => (v.length ? null : t('required')) } });
  return (
    <FormDialog opened onClose={onClose} title={t('tag')} form={form} onSubmit={(v) => onSend(v.tags)} size="md">
      <TagsInput label={t('tags')} description={t('added')} inputWrapperOrder={['label', 'input', 'description', 'error']} required maxTags={50} data-autofocus {...form.getInputProps('tags')} />
    </FormDialog>
  );
}

function SuspendDialog({ onClose, onSend }: { onClose: () => void; onSend: (reason: string) => Promise<void> }) {
  const t = useT({ ...words, ...own });
  const form = useForm({ initialValues: { reason: '' }, validate: { reason: filled(t('required')) } });
  return (
    <FormDialog opened onClose={onClose} title={t('suspend')} form={form} onSubmit={(v) => onSend(v.reason)} submitLabel={t('suspend')} danger size="md">
      <Alert color="red" py={8}>{t('suspendText')}</Alert>
      <TextInput label={t('suspendReason')} required maxLength={500} data-autofocus {...form.getInputProps('reason')} />
    </FormDialog>
  );
}
