import { Badge, Group, Text, Tooltip } from '@mantine/core';
import { IconMailExclamation, IconShieldCheck } from '@tabler/icons-react';
import { langNames, useT } from '@/i18n';
import type { Column } from '@/parts/RecordList';
import { words } from '../words';
import type { User } from './data';

const colours = { active: 'green', invited: 'blue', locked: 'orange', disabled: 'gray' } as const;

/** The columns that every list of people has. */
export function usePersonColumns(): Column<User>[] {
  const t = useT(words);
  return [
    {
      key: 'name', sort: 'name', label: t('name'), render: (u) => (
        <div>
          <Group gap={6} wrap="nowrap"><Text size="sm" fw={600}>{u.name}</Text>{u.primary && <Badge size="xs" variant="light" tt="none" miw="max-content">{t('primary')}</Badge>}</Group>
          <Group gap={4} wrap="nowrap">
            <Text size="xs" c="dimmed">{u.email}</Text>
            {!u.verified && <Tooltip label={t('unverified')}><IconMailExclamation size={14} color="var(--mantine-color-orange-6)" role="img" aria-label={t('unverified')} /></Tooltip>}
          </Group>
        </div>
      ),
    },
    { key: 'login', sort: 'username', label: t('username'), render: (u) => u.username },
    { key: 'state', sort: 'status', label: t('status'), render: (u) => <Group gap={4} wrap="nowrap"><Badge variant="light" tt="none" miw="max-content" c="var(--mantine-color-text)" color={colours[u.status]}>{t(u.status)}</Badge>{u.secondFactor && <IconShieldCheck size={15} color="var(--mantine-color-teal-6)" role="img" aria-label="2FA" />}</Group> },
    { key: 'lang', label: t('language'), render: (u) => langNames[u.lang] },
  ];
}
