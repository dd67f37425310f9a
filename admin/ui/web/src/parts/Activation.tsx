// How a person comes to a first password, and what came of it.
import { Alert, Radio, Stack, Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { Schemas } from '@/api/client';
import { texts, useT } from '@/i18n';
import { CopyBox } from './CopyBox';
import { NewPassword, usePasswordRules } from './PasswordInput';
import { When } from './time';

const own = texts({
  method: ['Activation method', 'Método de activación', 'Método de ativação', 'Méthode d’activation'],
  email: ['Send link by email', 'Enviar enlace por correo', 'Enviar link por e-mail', 'Envoyer le lien par e-mail'],
  link: ['Show link', 'Mostrar enlace', 'Exibir link', 'Afficher le lien'],
  password: ['Set password now', 'Definir clave ahora', 'Definir senha agora', 'Définir le mot de passe'],
  webPassword: ['Web password', 'Contraseña web', 'Senha web', 'Mot de passe web'],
  mailed: ['An invitation is on its way to {email}.', 'Se envió una invitación a {email}.', 'Um convite foi enviado para {email}.', 'Une invitation a été envoyée à {email}.'],
  canSignIn: ['{name} can sign in now, with the password that you set.', '{name} ya puede entrar, con la clave que usted definió.', '{name} já pode entrar, com a senha que você definiu.', '{name} peut se connecter, avec le mot de passe que vous avez défini.'],
  linkLabel: ['Activation link', 'Enlace de activación', 'Link de ativação', 'Lien d’activation'],
  until: ['It works once, until', 'Sirve una vez, hasta el', 'Funciona uma vez, até', 'Il sert une fois, jusqu’au'],
});

type Method = 'email' | 'link' | 'password';
export interface WithActivation { activation: { method: Method; password: string } }

/** activationOf is what the API gets of these fields. */
export const activationOf = (a: WithActivation['activation']): Schemas['ActivationInput'] =>
  a.method === 'password' ? { method: 'password', password: a.password } : { method: a.method };

/** The fields stand at `path` of a form: 'activation' or 'admin.activation'. */
export function ActivationFields<V>({ form, path = 'activation' }: { form: UseFormReturnType<V>; path?: string }) {
  const t = useT(own);
  const method = form.getInputProps(`${path}.method`), password = form.getInputProps(`${path}.password`);
  return (
    <Stack gap="sm">
      <Radio.Group label={t('method')} required {...method}>
        <Stack gap={8} mt={6}>
          {(['email', 'link', 'password'] as const).map((m) => <Radio key={m} value={m} label={t(m)} />)}
        </Stack>
      </Radio.Group>
      {method.value === 'password' && <NewPassword label={t('webPassword')} required {...password} />}
    </Stack>
  );
}

/** useActivationReady tells whether the password, if one is set here, meets every rule. */
export function useActivationReady(a: WithActivation['activation']): boolean {
  const rules = usePasswordRules();
  return a.method !== 'password' || rules.every((r) => new RegExp(r.pattern, 'u').test(a.password));
}

export function ActivationResult({ result, email, name }: { result: Schemas['Activation']; email: string; name: string }) {
  const t = useT(own);
  return (
    <Stack gap="xs">
      {result.why && <Alert color="yellow" role="status">{result.why}</Alert>}
      {result.method === 'email' && <Alert color="green" role="status">{t('mailed', { email })}</Alert>}
      {result.method === 'password' && <Alert color="green" role="status">{t('canSignIn', { name })}</Alert>}
      {result.link && <CopyBox label={t('linkLabel')} value={new URL(result.link, location.origin).href} once />}
      {result.link && result.expires && <Text size="sm" c="dimmed">{t('until')} <When time={result.expires} /></Text>}
    </Stack>
  );
}
