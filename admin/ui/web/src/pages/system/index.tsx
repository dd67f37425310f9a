// How the installation is: its health, what comes in, what waits, how quick the
// evaluator is, how much room there is, and whose it is.
import { Alert, Badge, Card, Group, Paper, Progress, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, type ReactNode } from 'react';
import { call, http } from '@/api/client';
import { useMe } from '@/api/session';
import { texts, useLang, useT } from '@/i18n';
import { Ago } from '@/parts/time';
import { Backups } from './Backups';
import { Companies } from './Companies';
import { parse, quantile, rates, sum, type Sample } from './metrics';

const words = texts({
  system: ['System', 'Sistema', 'Sistema', 'Système'],
  health: ['Health', 'Salud', 'Saúde', 'Santé'],
  ready: ['Ready', 'Listo', 'Pronto', 'Prêt'],
  notReady: ['Not ready', 'No está listo', 'Não está pronto', 'Pas prêt'],
  check_engine: ['Evaluator', 'Evaluador', 'Avaliador', 'Évaluateur'],
  check_listeners: ['Ports of trackers', 'Puertos de rastreadores', 'Portas de rastreadores', 'Ports des traceurs'],
  check_disk: ['Disk', 'Disco', 'Disco', 'Disque'],
  check_backlog: ['Backlog', 'Cola de trabajo', 'Fila de trabalho', 'File d’attente'],
  ok: ['good', 'bien', 'bem', 'bon'],
  started: ['Started', 'Iniciado', 'Iniciado', 'Démarré'],
  ingest: ['What comes in', 'Lo que entra', 'O que chega', 'Ce qui arrive'],
  protocol: ['Protocol', 'Protocolo', 'Protocolo', 'Protocole'],
  address: ['Address', 'Dirección', 'Endereço', 'Adresse'],
  open: ['Open connections', 'Conexiones abiertas', 'Conexões abertas', 'Connexions ouvertes'],
  perSecond: ['Messages/s', 'Mensajes/s', 'Mensagens/s', 'Messages/s'],
  total: ['Messages per second', 'Mensajes por segundo', 'Mensagens por segundo', 'Messages par seconde'],
  backlog: ['Waiting to be evaluated', 'En espera de evaluación', 'Aguardando avaliação', 'En attente d’évaluation'],
  outbox: ['Messages to send', 'Mensajes por enviar', 'Mensagens a enviar', 'Messages à envoyer'],
  watchers: ['Open live streams', 'Transmisiones en vivo abiertas', 'Transmissões ao vivo abertas', 'Flux en direct ouverts'],
  latency: ['Evaluator latency', 'Latencia del evaluador', 'Latência do avaliador', 'Latence de l’évaluateur'],
  latencyHint: ['From arrival to stored and judged, since the start', 'Desde la llegada hasta guardado y evaluado, desde el inicio', 'Da chegada até gravado e avaliado, desde o início', 'De l’arrivée à l’enregistrement et au jugement, depuis le démarrage'],
  room: ['Room', 'Espacio', 'Espaço', 'Espace'],
  free: ['{free} free of {total}', '{free} libres de {total}', '{free} livres de {total}', '{free} libres sur {total}'],
  memory: ['Memory in use', 'Memoria en uso', 'Memória em uso', 'Mémoire utilisée'],
});

export function System() {
  const t = useT(words);
  const me = useMe();
  const { lang } = useLang();
  const before = useRef<{ at: number; all: Sample[] }>(undefined);
  const sys = useQuery({ queryKey: ['system'], refetchInterval: 5000, queryFn: async () => (await http.GET('/api/v1/system')).data! });
  const ready = useQuery({ queryKey: ['system', 'ready'], refetchInterval: 5000, queryFn: async () => (await (await fetch('/readyz')).json()) as { ready: boolean; checks: { name: string; ok: boolean; reason?: string }[] } });
  const told = useQuery({
    queryKey: ['system', 'metrics'], refetchInterval: 5000,
    queryFn: async () => {
      const all = parse(await (await call('GET', '/metrics')).text()), at = Date.now();
      const came = rates(before.current?.all ?? all, all, before.current ? (at - before.current.at) / 1000 : 0);
      before.current = { at, all };
      return { all, came };
    },
  }).data;
  const number = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
  const bytes = (n: number) => { let i = 0; while (n >= 1024 && i < 4) { n /= 1024; i++; } return `${number.format(n)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][i]}`; };
  const ms = (s?: number) => (s === undefined ? '–' : `${number.format(s * 1000)} ms`);
  const s = sys.data;
  const disk = s && s.disk.total ? (100 * (s.disk.total - s.disk.free)) / s.disk.total : 0;
  const figures: [string, ReactNode, string?][] = s ? [
    [t('total'), told ? number.format(told.came.reduce((n, r) => n + r.perSecond, 0)) : '–'], [t('backlog'), number.format(s.backlog)], [t('outbox'), number.format(s.outbox)], [t('watchers'), number.format(s.watchers)],
    [`${t('latency')} p50`, ms(told && quantile(told.all, 'vigia_engine_append_seconds', 0.5)), t('latencyHint')], [`${t('latency')} p99`, ms(told && quantile(told.all, 'vigia_engine_append_seconds', 0.99)), t('latencyHint')],
  ] : [];
  return (
    <Stack p="md" gap="md" maw={1200}>
      <Group justify="space-between"><Title order={1} size="h2">{t('system')}</Title>{s && <Text size="sm" c="dimmed">Vigia {s.version} · {s.go} · {t('started')} <Ago time={s.started} /></Text>}</Group>
      {sys.isError && <Alert color="red" role="alert">{sys.error.message}</Alert>}
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
        {figures.map(([label, v, hint]) => <Paper key={label} withBorder p="sm" radius="md" title={hint}><Text size="xs" c="dimmed" mih="2.6em">{label}</Text><Text fw={650} size="lg" className="tabular">{v}</Text></Paper>)}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Card withBorder radius="md" padding="md">
          <Group justify="space-between" mb="xs"><Title order={2} size="h4">{t('health')}</Title>{ready.data && <Badge color={ready.data.ready ? 'green' : 'red'} variant="light" tt="none">{t(ready.data.ready ? 'ready' : 'notReady')}</Badge>}</Group>
          {ready.data?.checks.map((c) => <Group key={c.name} justify="space-between" wrap="nowrap" py={4}><Text size="sm">{`check_${c.name}` in words ? t(`check_${c.name}` as 'check_engine') : c.name}</Text><Text size="sm" c={c.ok ? 'var(--ok)' : 'var(--bad)'} ta="right">{c.ok ? t('ok') : c.reason}</Text></Group>)}
        </Card>
        <Card withBorder radius="md" padding="md">
          <Title order={2} size="h4" mb="xs">{t('room')}</Title>
          {s && (
            <Stack gap="xs">
              <Progress value={disk} color={disk > 90 ? 'red' : disk > 75 ? 'orange' : undefined} aria-label={t('room')} />
              <Text size="sm">{t('free', { free: bytes(s.disk.free), total: bytes(s.disk.total) })}</Text>
              {[...(s.stores ?? []).map((k) => [k.name, k.bytes] as const), [t('memory'), told ? sum(told.all, 'process_resident_memory_bytes') : 0] as const].map(([label, n]) => <Group key={label} justify="space-between"><Text size="sm">{label}</Text><Text size="sm" className="tabular">{bytes(n)}</Text></Group>)}
            </Stack>
          )}
        </Card>
        <Card withBorder radius="md" padding="md">
          <Title order={2} size="h4" mb="xs">{t('ingest')}</Title>
          <Table.ScrollContainer minWidth={320}><Table>
            <Table.Thead><Table.Tr><Table.Th>{t('protocol')}</Table.Th><Table.Th>{t('address')}</Table.Th><Table.Th ta="right">{t('open')}</Table.Th><Table.Th ta="right">{t('perSecond')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{s?.listeners.map((l) => <Table.Tr key={l.name + l.addr}><Table.Td>{l.name}</Table.Td><Table.Td><Text size="sm" className="tabular">{l.addr}</Text></Table.Td><Table.Td ta="right" className="tabular">{number.format(told?.came.find((r) => r.proto === l.name)?.open ?? l.open)}</Table.Td><Table.Td ta="right" className="tabular">{number.format(told?.came.find((r) => r.proto === l.name)?.perSecond ?? 0)}</Table.Td></Table.Tr>)}</Table.Tbody>
          </Table></Table.ScrollContainer>
        </Card>
        <Backups bytes={bytes} />
      </SimpleGrid>
      {me.user.role === 'platformAdmin' && <Companies />}
    </Stack>
  );
}
