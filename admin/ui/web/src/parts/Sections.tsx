// A page of many rooms: their names at the left, or in one field on a narrow
// screen, and the open one beside. Which is open stands in the address.
import { Box, NavLink, Select, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

export interface Section { key: string; label: string; icon: Icon; view: () => ReactNode }

interface Props {
  /** The page's address; a section's is one below. */
  base: string;
  title: string;
  sections: Section[];
}

export function Sections({ base, title, sections }: Props) {
  const { section } = useParams({ strict: false }) as { section?: string };
  const navigate = useNavigate();
  const open = sections.find((s) => s.key === section) ?? sections[0];
  if (!open) return null;
  return (
    <Box h="100%" display={{ base: 'block', md: 'flex' }} style={{ minHeight: 0 }}>
      <Box component="nav" aria-label={title} visibleFrom="md" w={230} p="sm" style={{ flex: 'none', overflowY: 'auto', borderRight: '1px solid var(--mantine-color-default-border)' }}>
        <Title order={1} size="h4" px="sm" py={6}>{title}</Title>
        {sections.map(({ key, label, icon: Glyph }) => (
          <NavLink key={key} component={Link} to={`${base}/${key}` as string} label={label} leftSection={<Glyph size={17} stroke={1.6} />} active={key === open.key} aria-current={key === open.key ? 'page' : undefined} py={7} style={{ borderRadius: 'var(--mantine-radius-md)' }} />
        ))}
      </Box>
      <Box hiddenFrom="md" px="md" pt="md">
        <Select aria-label={title} allowDeselect={false} data={sections.map((s) => ({ value: s.key, label: s.label }))} value={open.key} onChange={(key) => void navigate({ to: `${base}/${key}` as string })} />
      </Box>
      <Box style={{ flex: 1, minWidth: 0, overflowY: 'auto' }} key={open.key}>{open.view()}</Box>
    </Box>
  );
}

/** One room that is no list: a heading, what it is about, and its content. */
export function Room({ title, text, children, wide }: { title: string; text?: string; children: ReactNode; wide?: boolean }) {
  return (
    <Stack p="md" maw={wide ? undefined : 820} gap="md">
      <div><Title order={2} size="h3">{title}</Title>{text && <Text size="sm" c="dimmed" maw={640}>{text}</Text>}</div>
      {children}
    </Stack>
  );
}
