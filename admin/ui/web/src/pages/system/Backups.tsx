// Copies of the installation: make one now, see which there are, and what to do with them.
import { Alert, Badge, Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { CopyBox } from '@/parts/CopyBox';
import { Ago } from '@/parts/time';

const words = texts({
  backups: ['Backups', 'Respaldos', 'Backups', 'Sauvegardes'],
  backup: ['Backup now', 'Respaldar ahora', 'Fazer backup agora', 'Sauvegarder maintenant'],
  noneYet: ['No backup was made here yet.', 'Aún no se hizo ningún respaldo aquí.', 'Nenhum backup foi feito aqui ainda.', 'Aucune sauvegarde n’a encore été faite ici.'],
  hint: ['They lie on this server’s disk, the newest three stay: copy them elsewhere.', 'Están en el disco de este servidor y se conservan los tres últimos: cópielos a otro lugar.', 'Ficam no disco deste servidor e os três últimos são mantidos: copie-os para outro lugar.', 'Elles se trouvent sur le disque de ce serveur, les trois dernières sont conservées : copiez-les ailleurs.'],
  running: ['Running', 'En curso', 'Em andamento', 'En cours'],
  verified: ['Verified', 'Verificado', 'Verificado', 'Vérifiée'],
  failed: ['Failed', 'Falló', 'Falhou', 'Échec'],
  latest: ['The latest one on the server', 'El último en el servidor', 'O mais recente no servidor', 'La dernière sur le serveur'],
  elsewhere: ['Or run this on the server, to write one elsewhere', 'O ejecute esto en el servidor, para escribirlo en otro lugar', 'Ou execute isto no servidor, para gravar em outro lugar', 'Ou exécutez ceci sur le serveur, pour l’écrire ailleurs'],
});

const colours: Record<Schemas['Backup']['state'], string> = { running: 'blue', verified: 'green', failed: 'red' };

export function Backups({ bytes }: { bytes: (n: number) => string }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const all = useQuery({
    queryKey: ['system', 'backups'],
    queryFn: async () => (await http.GET('/api/v1/system/backups')).data!.items,
    refetchInterval: (q) => (q.state.data?.some((b) => b.state === 'running') ? 1000 : 30_000),
  });
  const begin = useMutation({
    mutationFn: async () => (await http.POST('/api/v1/system/backups')).data!,
    onSettled: () => client.invalidateQueries({ queryKey: ['system', 'backups'] }),
  });
  const list = all.data ?? [];
  const busy = begin.isPending || list.some((b) => b.state === 'running');
  const latest = list.find((b) => b.state === 'verified');
  return (
    <Card withBorder radius="md" padding="md">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">{t('backups')}</Title>
        {can('system.create') && <Button size="xs" disabled={busy} onClick={() => begin.mutate()}>{t('backup')}</Button>}
      </Group>
      {begin.isError && <Alert color="red" role="alert" mb="xs">{begin.error.message}</Alert>}
      <Stack gap="xs" aria-label={t('backups')} role="list">
        {all.isSuccess && list.length === 0 && <Text size="sm" c="dimmed" role="listitem">{t('noneYet')}</Text>}
        {list.map((b) => (
          <div key={b.name} role="listitem">
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm"><Ago time={b.started} /></Text>
              <Group gap="xs" wrap="nowrap"><Text size="sm" className="tabular">{bytes(b.bytes)}</Text><Badge color={colours[b.state]} variant="light" tt="none">{t(b.state)}</Badge></Group>
            </Group>
            {b.state === 'running' && <Progress mt={4} size="sm" value={b.expected ? Math.min(99, (100 * b.bytes) / b.expected) : 0} aria-label={t('running')} />}
            {b.problem && <Text size="xs" c="var(--bad)">{b.problem}</Text>}
          </div>
        ))}
      </Stack>
      <Text size="xs" c="dimmed" my="xs">{t('hint')}</Text>
      {latest && <CopyBox label={t('latest')} value={latest.path} />}
      <CopyBox label={t('elsewhere')} value="vigia backup --data /var/lib/vigia /backup/vigia" />
    </Card>
  );
}
