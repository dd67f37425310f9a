// What everybody must know on every page: that somebody acts in another's
// name, that a service will be cut.
import { Alert, Button, Group } from '@mantine/core';
import { useMe, signOut, workIn } from '@/api/session';
import { texts, useT } from '@/i18n';

const own = texts({
  actingAs: ['{by} is signed in as {user}', '{by} inició sesión como {user}', '{by} entrou como {user}', '{by} est connecté en tant que {user}'],
  visit: ['You work in {company} as one of its operators: {what}.', 'Trabaja en {company} como uno de sus operadores: {what}.', 'Você trabalha em {company} como um dos seus operadores: {what}.', 'Vous travaillez dans {company} comme l’un de ses opérateurs : {what}.'],
  visitView: ['you see, and change nothing', 've todo y no cambia nada', 'você vê tudo e não altera nada', 'vous voyez, sans rien modifier'],
  visitWork: ['you see, and work on its alarms', 've todo y atiende sus alarmas', 'você vê tudo e atende os alarmes', 'vous voyez, et traitez ses alarmes'],
  goHome: ['Back to your company', 'Volver a su empresa', 'Voltar à sua empresa', 'Retour à votre entreprise'],
  end: ['End', 'Terminar', 'Encerrar', 'Terminer'],
});

export function Notices() {
  const t = useT(own);
  const me = useMe();
  return (
    <>
      {me.by && (
        <Alert color="orange" radius={0} py={6} role="status">
          <Group justify="space-between" wrap="nowrap">{t('actingAs', { by: me.by.name, user: me.user.name })}
            <Button size="compact-xs" variant="white" color="orange" onClick={signOut}>{t('end')}</Button>
          </Group>
        </Alert>
      )}
      {(me.as === 'view' || me.as === 'work') && (
        <Alert color="blue" radius={0} py={6} role="status">
          <Group justify="space-between" wrap="nowrap">{t('visit', { company: me.company?.name, what: t(me.as === 'view' ? 'visitView' : 'visitWork') })}
            <Button size="compact-xs" variant="white" onClick={() => workIn(me)}>{t('goHome')}</Button>
          </Group>
        </Alert>
      )}
      {me.access.text && <Alert color="red" radius={0} py={6} role="alert">{me.access.text}</Alert>}
    </>
  );
}
