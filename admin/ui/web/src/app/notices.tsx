// What everybody must know on every page: that somebody acts in another's
// name, that a service will be cut.
import { Alert, Button, Group } from '@mantine/core';
import { useMe, signOut } from '@/api/session';
import { texts, useT } from '@/i18n';

const own = texts({
  actingAs: ['{by} is signed in as {user}', '{by} inició sesión como {user}', '{by} entrou como {user}', '{by} est connecté en tant que {user}'],
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
      {me.access.text && <Alert color="red" radius={0} py={6} role="alert">{me.access.text}</Alert>}
    </>
  );
}
