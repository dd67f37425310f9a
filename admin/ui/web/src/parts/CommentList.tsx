// Notes that colleagues leave about a customer or a person.
import { ActionIcon, Alert, Button, Center, Group, Loader, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { confirmDelete } from './ConfirmDelete';
import { sayProblem } from './problems';
import { Ago } from './time';

const own = texts({
  write: ['Write a comment', 'Escriba un comentario', 'Escreva um comentário', 'Écrivez un commentaire'],
  send: ['Add comment', 'Agregar comentario', 'Adicionar comentário', 'Ajouter le commentaire'],
  noComments: ['No comments yet', 'Aún no hay comentarios', 'Ainda não há comentários', 'Aucun commentaire pour l’instant'],
  noUndo: ['This cannot be undone.', 'Esta acción no se puede deshacer.', 'Isso não pode ser desfeito.', 'Cette action est irréversible.'],
});

interface Props {
  /** The company whose staff leaves them. */
  owner: string;
  about: { customer?: string; user?: string };
}

export function CommentList({ owner, about }: Props) {
  const t = useT(own);
  const can = useCan();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const query = useInfiniteQuery({
    queryKey: ['comments', owner, about],
    queryFn: async ({ pageParam }) => (await http.GET('/api/v1/comments', { params: { query: { owner, limit: 200, after: pageParam || undefined } } })).data!,
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined,
  });
  const items = (query.data?.pages.flatMap((p) => p.items) ?? []).filter((c) => (about.user ? c.user === about.user : c.customer === about.customer))
    .sort((a, b) => (b.created ?? '').localeCompare(a.created ?? ''));
  const changed = () => client.invalidateQueries({ queryKey: ['comments'] });
  const send = async () => {
    setBusy(true);
    await http.POST('/api/v1/comments', { body: { ...about, owner, text: text.trim() } as never }).then(() => { setText(''); return changed(); }, sayProblem);
    setBusy(false);
  };
  return (
    <Stack>
      {can('comment.create') && (
        <Stack gap="xs">
          <Textarea aria-label={t('write')} placeholder={t('write')} autosize minRows={2} maxLength={2000} value={text} onChange={(e) => setText(e.currentTarget.value)} />
          <Group justify="flex-end"><Button disabled={!text.trim()} loading={busy} onClick={send}>{t('send')}</Button></Group>
        </Stack>
      )}
      {query.isError && <Alert color="red" role="alert">{query.error.message}</Alert>}
      {query.isPending ? <Center><Loader size="sm" aria-label={t('loading')} /></Center> : items.length === 0 && <Text c="dimmed" ta="center" p="md">{t('noComments')}</Text>}
      {items.map((c) => (
        <Paper key={c.id} withBorder p="sm" radius="md">
          <Group justify="space-between" mb={4} wrap="nowrap">
            <Text size="sm" fw={600}>{c.authorName} <Text span c="dimmed" fw={400}><Ago time={c.created} /></Text></Text>
            {can('comment.delete') && <ActionIcon variant="subtle" color="red" aria-label={t('delete')} onClick={() => confirmDelete(t as never, c.authorName ?? '', t('noUndo'), () => http.DELETE('/api/v1/comments/{id}', { params: { path: { id: c.id! } } }), changed)}><IconTrash size={16} /></ActionIcon>}
          </Group>
          <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{c.text}</Text>
        </Paper>
      ))}
      {query.hasNextPage && <Center><Button variant="subtle" onClick={() => query.fetchNextPage()}>{t('more')}</Button></Center>}
    </Stack>
  );
}
