// Integration tokens: made, shown once, listed, revoked.
import { Alert, Badge, Button, Group, Modal, Stack, Table, TagsInput, Text, TextInput } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useForm } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { texts, useT } from '@/i18n';
import { useCan } from '@/api/session';
import { clean, filled } from './clean';
import { CopyBox } from './CopyBox';
import { FormDialog } from './FormDialog';
import { confirmDelete } from './ConfirmDelete';
import { Note } from './Note';
import { When } from './time';

const own = texts({
  newToken: ['New token', 'Nuevo token', 'Novo token', 'Nouveau jeton'],
  description: ['Description', 'Descripción', 'Descrição', 'Description'],
  descriptionHint: ['What it is for', 'Para qué es', 'Para que serve', 'À quoi il sert'],
  expires: ['Expiry date', 'Fecha de vencimiento', 'Data de expiração', 'Date d’expiration'],
  never: ['Never', 'Nunca', 'Nunca', 'Jamais'],
  scopes: ['Limited to', 'Limitado a', 'Limitado a', 'Limité à'],
  scopesHint: ['Empty: all that you may. Or read, an object such as device, or fence.create', 'Vacío: todo lo que usted puede. O read, un objeto como device, o fence.create', 'Vazio: tudo o que você pode. Ou read, um objeto como device, ou fence.create', 'Vide : tout ce que vous pouvez. Ou read, un objet comme device, ou fence.create'],
  created: ['Created', 'Creado', 'Criado', 'Créé'],
  token: ['Token', 'Token', 'Token', 'Jeton'],
  revoke: ['Revoke', 'Revocar', 'Revogar', 'Révoquer'],
  revoked: ['Revoked', 'Revocado', 'Revogado', 'Révoqué'],
  acts: ['A program with such a token does what {name} may do, and the audit names {name} for it.', 'Un programa con este token hace lo que {name} puede hacer, y la auditoría lo registra a nombre de {name}.', 'Um programa com este token faz o que {name} pode fazer, e a auditoria registra em nome de {name}.', 'Un programme avec ce jeton fait ce que {name} peut faire, et l’audit l’attribue à {name}.'],
  revokeText: ['Programs that use it lose access at once.', 'Los programas que lo usan pierden el acceso de inmediato.', 'Os programas que o usam perdem o acesso imediatamente.', 'Les programmes qui l’utilisent perdent l’accès aussitôt.'],
  noTokens: ['No tokens. A program that uses the API needs one.', 'Sin tokens. Un programa que usa la API necesita uno.', 'Sem tokens. Um programa que usa a API precisa de um.', 'Aucun jeton. Un programme qui utilise l’API en a besoin.'],
  docs: ['API documentation', 'Documentación de la API', 'Documentação da API', 'Documentation de l’API'],
});

/** TokenList shows your own tokens or, with `of`, those that somebody of the staff answers for. */
export function TokenList({ of, name, locked }: { of?: string; name?: string; locked?: boolean }) {
  const t = useT(own);
  const client = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<Schemas['TokenShown']>();
  const can = useCan();
  const object = of ? 'userToken' : 'token';
  const query = useQuery({
    queryKey: ['tokens', of],
    queryFn: async () => (of ? await http.GET('/api/v1/users/{id}/tokens', { params: { path: { id: of } } }) : await http.GET('/api/v1/tokens')).data!.items,
  });
  const changed = () => client.invalidateQueries({ queryKey: ['tokens'] });
  const revoke = (k: Schemas['Token']) => confirmDelete(t as never, k.description, t('revokeText'), 
    () => (of ? http.DELETE('/api/v1/users/{id}/tokens/{token}', { params: { path: { id: of, token: k.id } } }) : http.DELETE('/api/v1/tokens/{id}', { params: { path: { id: k.id } } })), changed, { confirm: t('revoke'), done: t('revoked') });
  return (
    <Stack>
      <Group justify="space-between">
        <Button variant="subtle" component="a" href="/api/docs" target="_blank" px={0}>{t('docs')}</Button>
        {!locked && can(`${object}.create`) && <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>{t('newToken')}</Button>}
      </Group>
      {of && name && <Note grade="warning">{t('acts', { name })}</Note>}
      {query.isError && <Alert color="red" role="alert">{query.error.message}</Alert>}
      {query.data?.length === 0 && <Text c="dimmed" ta="center" p="md">{t('noTokens')}</Text>}
      {Boolean(query.data?.length) && (
        <Table.ScrollContainer minWidth={480}>
          <Table verticalSpacing="xs">
            <Table.Thead><Table.Tr><Table.Th>{t('description')}</Table.Th><Table.Th>{t('scopes')}</Table.Th><Table.Th>{t('created')}</Table.Th><Table.Th>{t('expires')}</Table.Th><Table.Th ta="right">{t('actions')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {query.data!.map((k) => (
                <Table.Tr key={k.id}>
                  <Table.Td fw={600}>{k.description}</Table.Td><Table.Td>{k.scopes?.length ? k.scopes.map((s) => <Badge key={s} variant="light" tt="none" mr={4}>{s}</Badge>) : t('all')}</Table.Td>
                  <Table.Td><When time={k.created} /></Table.Td><Table.Td>{k.expires ? <When time={k.expires} /> : t('never')}</Table.Td>
                  <Table.Td ta="right">{can(`${object}.delete`) && <Button size="compact-sm" variant="light" color="red" onClick={() => revoke(k)}>{t('revoke')}</Button>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {adding && <TokenDialog of={of} onClose={() => setAdding(false)} onMade={(k) => { setAdding(false); setMade(k); void changed(); }} />}
      {made && (
        <Modal opened onClose={() => setMade(undefined)} title={made.description} size="lg" closeButtonProps={{ 'aria-label': t('close') }}>
          <Stack><CopyBox label={t('token')} value={made.secret} once /><Group justify="flex-end"><Button onClick={() => setMade(undefined)}>{t('close')}</Button></Group></Stack>
        </Modal>
      )}
    </Stack>
  );
}

const day = 86_400_000;

function TokenDialog({ of, onClose, onMade }: { of?: string; onClose: () => void; onMade: (k: Schemas['TokenShown']) => void }) {
  const t = useT(own);
  const stay = useRef(false);
  const form = useForm({ initialValues: { description: '', expires: new Date(Date.now() + 365 * day).toISOString().slice(0, 10) as string | null, scopes: [] as string[] }, validate: { description: filled(t('required')) } });
  const save = async (v: typeof form.values) => {
    // The API counts in days; the day that was chosen is still good.
    const days = v.expires ? Math.max(1, Math.ceil((Date.parse(`${v.expires}T23:59:59`) - Date.now()) / day)) : undefined;
    const body = clean({ description: v.description, days, scopes: v.scopes.length ? v.scopes : undefined });
    const { data } = of ? await http.POST('/api/v1/users/{id}/tokens', { params: { path: { id: of } }, body }) : await http.POST('/api/v1/tokens', { body });
    stay.current = true;
    onMade(data!);
  };
  return (
    <FormDialog opened onClose={() => { if (!stay.current) onClose(); }} title={t('newToken')} form={form} onSubmit={save}>
      <TextInput label={t('description')} description={t('descriptionHint')} required data-autofocus maxLength={120} {...form.getInputProps('description')} />
      <DateInput label={t('expires')} clearable valueFormat="L" placeholder={t('never')} minDate={new Date(Date.now() + day)} {...form.getInputProps('expires')} />
      <TagsInput label={t('scopes')} description={t('scopesHint')} {...form.getInputProps('scopes')} />
    </FormDialog>
  );
}
