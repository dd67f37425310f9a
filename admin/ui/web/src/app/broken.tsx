import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useT } from '@/i18n';

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
