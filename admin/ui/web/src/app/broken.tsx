import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { texts, useT } from '@/i18n';

const own = texts({
  barred: ['This is not part of your access', 'Esto no forma parte de su acceso', 'Isto não faz parte do seu acesso', 'Ceci ne fait pas partie de votre accès'],
  barredText: ['Ask the company that serves you if you need it.', 'Consulte con la empresa que le presta el servicio si lo necesita.', 'Fale com a empresa que o atende se precisar.', 'Demandez à l’entreprise qui vous sert si vous en avez besoin.'],
});

/** What a page shows that could not be shown. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const t = useT();
  return (
    <Center h="100%" p="xl"><Stack align="center" role="alert">
      <Title order={2}>{t('failed')}</Title>
      <Text c="dimmed">{error instanceof Error ? error.message : String(error)}</Text>
      <Button onClick={reset}>{t('retry')}</Button>
    </Stack></Center>
  );
}

export function Missing() {
  const t = useT();
  return (
    <Center h="100%" p="xl"><Stack align="center">
      <Title order={2}>{t('notFound')}</Title>
      <Button component={Link} to="/">{t('home')}</Button>
    </Stack></Center>
  );
}

/** A page that exists, for others: a module that was unticked, or an address that was typed. */
export function Barred() {
  const t = useT(own);
  return (
    <Center h="100%" p="xl"><Stack align="center" gap="xs" ta="center">
      <Title order={1} size="h2">{t('barred')}</Title>
      <Text c="dimmed">{t('barredText')}</Text>
      <Button component={Link} to="/" mt="sm">{t('home')}</Button>
    </Stack></Center>
  );
}
