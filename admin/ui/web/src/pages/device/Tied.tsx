// Who is assigned to a device.
import { Anchor, Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import type { Item, Panel } from './data';
import { words } from './words';

function Tied({ title, items, empty, to }: { title: string; items: Item[]; empty: string; to?: (i: Item) => { to: string; search?: Record<string, string> } }) {
  const t = useT(words);
  return (
    <Stack gap="sm">
      <Title order={2} size="h3">{title}</Title>
      {items.length === 0 && <Text c="dimmed">{empty}</Text>}
      {items.map((i) => (
        <Paper key={i.id} withBorder radius="md" px="md" py="xs">
          <Group justify="space-between">
            {to ? <Anchor component={Link} {...(to(i) as { to: string })} size="sm" fw={600}>{i.name}</Anchor> : <Text size="sm" fw={600}>{i.name}</Text>}
            {i.all && <Badge variant="light" tt="none" c="var(--mantine-color-text)">{t('aboutAll')}</Badge>}
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}

export function DeviceUsers({ panel }: { panel: Panel }) {
  const t = useT(words);
  const me = useMe(), can = useCan();
  return <Tied title={t('users')} items={panel.users} empty={t('noUsers')} to={isStaff(me) && can('user.read') ? (i) => ({ to: `/users/clients/${i.id}` }) : undefined} />;
}
