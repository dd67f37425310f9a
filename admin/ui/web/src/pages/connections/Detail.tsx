// One connection: where it stands, what it found, what came last and how it was read.
import { Alert, Anchor, Badge, Breadcrumbs, Button, Card, Center, Code, Group, Loader, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { IconEdit, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { isProblem } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { sayProblem } from '@/parts/problems';
import { Ago, When } from '@/parts/time';
import { ConnectionForm } from './ConnectionForm';
import { useConnection, useTemplates, useTools, type Connection } from './data';
import { Levels } from './Levels';
import { Counts, Machine, StateOf } from './Standing';
import { words } from './words';

export function ConnectionPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const t = useT(words);
  const query = useConnection(id);
  if (query.isPending) return <Center p="xl"><Loader aria-label={t('loading')} /></Center>;
  if (isProblem(query.error, 404)) {
    return <Center p="xl"><Stack align="center"><Title order={1} size="h2">{t('gone')}</Title><Button component={Link} to={'/connections' as string}>{t('toList')}</Button></Stack></Center>;
  }
  if (!query.data) return <Alert m="md" color="red" role="alert">{query.error?.message}</Alert>;
  return <Detail connection={query.data} />;
}

function Detail({ connection: c }: { connection: Connection }) {
  const t = useT(words);
  const can = useCan();
  const navigate = useNavigate();
  const { enable, resync, remove, changed } = useTools();
  const [editing, setEditing] = useState(false);
  const [busy, setBusy] = useState(false);
  const run = async (what: () => Promise<unknown>) => { setBusy(true); await what().catch(sayProblem); setBusy(false); };
  return (
    <Stack p="md" gap="md" maw={1280}>
      <Breadcrumbs separatorMargin={6}><Anchor component={Link} to={'/connections' as string} size="sm">{t('connections')}</Anchor><Text size="sm" c="dimmed">{c.name}</Text></Breadcrumbs>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1} size="h2">{c.name}</Title>
          <Group gap={8} mt={4}><StateOf connection={c} /><Anchor component={Link} to={`/customers/${c.owner}?tab=connections` as string} size="sm">{c.ownerName}</Anchor></Group>
        </div>
        {can('connection.update') && (
          <Group gap="xs">
            {c.enabled && <Button variant="default" loading={busy} leftSection={<IconRefresh size={16} />} onClick={() => run(() => resync(c))}>{t('resync')}</Button>}
            <Button variant={c.enabled ? 'default' : 'filled'} loading={busy} leftSection={c.enabled ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />} onClick={() => run(() => enable(c, !c.enabled))}>{t(c.enabled ? 'disable' : 'enable')}</Button>
            <Button variant="light" color="green" leftSection={<IconEdit size={16} />} onClick={() => setEditing(true)}>{t('edit')}</Button>
            <Button variant="light" color="red" leftSection={<IconTrash size={16} />} onClick={() => confirmDelete(t as never, c.name, t('deleteText'), () => remove(c), () => { void changed(); void navigate({ to: '/connections' as string }); })}>{t('delete')}</Button>
          </Group>
        )}
      </Group>
      <Card withBorder radius="md" padding="md"><Machine connection={c} /></Card>
      <Counts connection={c} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Sample connection={c} />
        <Settings connection={c} />
      </SimpleGrid>
      {Boolean(c.subAccounts?.length) && <SubAccounts connection={c} />}
      {Boolean(c.status?.refusals?.length) && (
        <Card withBorder radius="md" padding="md">
          <Title order={2} size="h4" mb="xs">{t('refusals')}</Title>
          <Table.ScrollContainer minWidth={320}><Table><Table.Tbody>
            {c.status!.refusals!.map((r, i) => <Table.Tr key={i}><Table.Td><Text size="sm" ff="monospace">{r.name}</Text></Table.Td><Table.Td><Text size="sm">{r.reason}</Text></Table.Td></Table.Tr>)}
          </Table.Tbody></Table></Table.ScrollContainer>
        </Card>
      )}
      {editing && <ConnectionForm connection={c} onClose={() => setEditing(false)} />}
    </Stack>
  );
}

function Rows({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2 }} m={0} verticalSpacing="xs">
      {rows.filter(([, v]) => v).map(([label, v]) => <div key={label} style={{ minWidth: 0 }}><Text component="dt" size="xs" c="dimmed">{label}</Text><Text component="dd" m={0} size="sm" style={{ overflowWrap: 'anywhere' }}>{v}</Text></div>)}
    </SimpleGrid>
  );
}

function Sample({ connection: c }: { connection: Connection }) {
  const t = useT(words);
  const s = c.status?.sample;
  return (
    <Card withBorder radius="md" padding="md">
      <Group justify="space-between" mb="xs"><Title order={2} size="h4">{t('sample')}</Title>{s && <Ago time={s.at} />}</Group>
      {!s ? <Text size="sm" c="dimmed">{t('noSample')}</Text> : (
        <Stack gap="sm">
          <div><Text size="xs" c="dimmed" mb={4}>{t('topic')}</Text><Levels topic={s.topic} format={c.format} deviceLevel={c.deviceLevel} subLevel={c.subLevel} /></div>
          <div><Text size="xs" c="dimmed" mb={4}>{t('payload')}</Text><Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{s.payload}</Code></div>
          <div>
            <Text size="xs" c="dimmed" mb={4}>{t('readAs')}</Text>
            {s.error ? <Alert color="red" py={6}>{s.error}</Alert> : <Text size="sm">{t('positions', { n: s.positions, device: s.uniqueId ?? '?' })}{s.subAccount && ` · ${t('ofSub', { name: s.subAccount })}`}</Text>}
          </div>
        </Stack>
      )}
    </Card>
  );
}

function Settings({ connection: c }: { connection: Connection }) {
  const t = useT(words);
  const template = useTemplates().find((k) => k.id === c.template)?.name;
  return (
    <Card withBorder radius="md" padding="md">
      <Title order={2} size="h4" mb="xs">{t('settings')}</Title>
      <Rows rows={[
        [t('url'), <Text key="url" span size="sm" ff="monospace">{c.url}</Text>], [t('format'), t(c.format ?? 'vigiajson')], [t('username'), c.user], [t('password'), c.passwordSet && t('passwordIs')],
        [t('topics'), <Text key="topics" span size="sm" ff="monospace">{c.topics?.join(', ')}</Text>], [t('deviceLevel'), c.deviceLevel], [t('subLevel'), c.subLevel],
        [t('auto'), c.autoProvision ? t('yes') : t('no')], [t('clientId'), c.clientId], [t('template'), template], [t('lastSync'), c.lastSync && <When time={c.lastSync} />],
      ]} />
    </Card>
  );
}

function SubAccounts({ connection: c }: { connection: Connection }) {
  const t = useT(words);
  const name = useNames({ customers: c.subAccounts!.map((s) => s.customer) });
  return (
    <Card withBorder radius="md" padding="md">
      <Title order={2} size="h4" mb="xs">{t('subAccounts')}</Title>
      <Table.ScrollContainer minWidth={360}><Table><Table.Tbody>
        {c.subAccounts!.map((s) => (
          <Table.Tr key={s.name}>
            <Table.Td><Text size="sm" ff="monospace">{s.name}</Text></Table.Td>
            <Table.Td><Anchor component={Link} to={`/customers/${s.customer}` as string} size="sm">{name(s.customer) || s.customer}</Anchor></Table.Td>
            <Table.Td>{s.linked ? <Badge variant="light" tt="none" color="green">{t('linked')}</Badge> : s.pending && <Badge variant="light" tt="none" color="orange" component={Link} to={`/customers/${s.customer}?tab=users` as string} style={{ cursor: 'pointer' }}>{t('pending')}</Badge>}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody></Table></Table.ScrollContainer>
    </Card>
  );
}
