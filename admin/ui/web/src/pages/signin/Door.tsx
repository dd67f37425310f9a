// The frame of the pages before sign-in.
import { Center, Group, Paper, Select, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { langNames, langs, useLang, useT, type Lang } from '@/i18n';

export function Door({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const t = useT();
  const { lang, setLang } = useLang();
  return (
    <Center mih="100dvh" p="md" bg="var(--mantine-color-default-hover)" component="main">
      <Paper w="100%" maw={420} p="xl" radius="lg" shadow="md" withBorder>
        <Stack>
          <Group justify="space-between" wrap="nowrap">
            <img src="/icon.svg" alt="" width={40} height={40} />
            <Select aria-label={t('language')} data={langs.map((l) => ({ value: l, label: langNames[l] }))} value={lang} allowDeselect={false}
              onChange={(l) => l && setLang(l as Lang)} size="xs" w={120} />
          </Group>
          <div><Title order={1} size="h3">{title}</Title>{text && <Text c="dimmed" size="sm" mt={4}>{text}</Text>}</div>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}

/** takeToken reads the secret of a link and keeps it out of the address bar. */
export function takeToken(): string {
  const token = new URLSearchParams(location.search).get('token') ?? location.pathname.split('/')[2] ?? '';
  if (token) history.replaceState(null, '', '/' + location.pathname.split('/')[1]);
  return token;
}
