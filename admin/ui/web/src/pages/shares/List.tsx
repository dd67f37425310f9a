// Share links: who may see what, until when, and how often it was looked at.
import { ActionIcon, Badge, CopyButton, Group, Text, Tooltip } from '@mantine/core';
import { openConfirmModal } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconBan, IconCheck, IconCopy, IconEdit, IconLock, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { sayProblem } from '@/parts/problems';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { Ago, When } from '@/parts/time';
import { ShareForm } from './Form';
import { addressOf, type Link } from './values';
import { words } from './words';

const TONES: Record<string, string> = { open: 'green', early: 'blue', arrived: 'teal', used: 'yellow', expired: 'gray', revoked: 'red' };

/** The address may ask for a form: new=1 (with device=ID,ID), or open=ID. */
export function ShareList({ owner, level, filter }: { owner?: string; level?: 3; filter?: ReactNode }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as { new?: string; open?: string; device?: string };
  const set = (change: Record<string, string | undefined>) => void navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const [shown, setShown] = useState<Link[]>([]);
  const name = useNames({ customers: shown.map((l) => l.owner), companies: shown.map((l) => l.owner) });
  const opened = useQuery({ queryKey: ['shares', 'one', params.open], enabled: Boolean(params.open), queryFn: async () => (await http.GET('/api/v1/share-links/{id}', { params: { path: { id: params.open! } } })).data!, gcTime: 0 });
  const again = () => client.invalidateQueries({ queryKey: ['shares'] });
  const revoke = (l: Link) => openConfirmModal({
    title: `${t('revoke')}: ${l.name}`, children: <Text size="sm">{t('revokeText')}</Text>, labels: { confirm: t('revoke'), cancel: t('cancel') }, confirmProps: { color: 'red' },
    onConfirm: () => http.POST('/api/v1/share-links/{id}/revoke', { params: { path: { id: l.id } } }).then(() => { notifications.show({ color: 'green', message: t('isRevoked') }); void again(); }, sayProblem),
  });
  const remove = (l: Link) => confirmDelete(t as never, l.name ?? '', t('noUndo'), () => http.DELETE('/api/v1/share-links/{id}', { params: { path: { id: l.id }, query: { version: l.version } } }), again);
  const columns: Column<Link>[] = [
    { key: 'name', label: t('name'), render: (l) => <Text size="sm" fw={600}>{l.name}</Text> },
    { key: 'state', label: t('status'), render: (l) => <Group gap={6} wrap="nowrap"><Badge variant="dot" tt="none" fw={500} miw="max-content" color={TONES[l.state ?? ''] ?? 'gray'}>{l.state && l.state in words ? t(l.state as 'open') : l.state}</Badge>{l.pinSet && <Tooltip label={t('withPin')}><IconLock size={15} aria-label={t('withPin')} /></Tooltip>}</Group> },
    ...(owner ? [] : [{ key: 'owner', label: t('owner'), render: (l: Link) => name(l.owner) }]),
    { key: 'devices', label: t('shows'), render: (l) => <Text size="sm" lineClamp={2} maw={240}>{(l.deviceNames ?? []).filter(Boolean).join(', ')}</Text> },
    { key: 'from', label: t('from'), extra: true, render: (l) => <When time={l.from} /> },
    { key: 'expires', label: t('expires'), render: (l) => <When time={l.expires} /> },
    { key: 'views', label: t('views'), align: 'right', render: (l) => <Text size="sm" className="tabular">{l.maxViews ? t('viewsOf', { n: l.views ?? 0, most: l.maxViews }) : l.views ?? 0}</Text> },
    { key: 'viewed', label: t('lastView'), extra: true, render: (l) => <Ago time={l.viewed} /> },
  ];
  const close = () => set({ new: undefined, open: undefined, device: undefined });
  const may = can('shareLink.update');
  return (
    <>
      <RecordList name="shares" scope={owner} level={level} title={t('title')} columns={columns} rowKey={(l) => l.id} filters={filter}
        load={async ({ after, limit, search }) => {
          const page = (await http.GET('/api/v1/share-links', { params: { query: { after, limit, search, owner } } })).data!;
          setShown((old) => (after ? [...old, ...page.items] : page.items));
          return page;
        }}
        newLabel={t('newLink')} onNew={can('shareLink.create') ? () => set({ new: '1' }) : undefined} onOpen={may ? (l) => { if (l.state !== 'revoked') set({ open: l.id }); } : undefined}
        rowActions={(l) => (
          <>
            {l.url && l.state !== 'revoked' && (
              <CopyButton value={addressOf(l)} timeout={2000}>
                {({ copied, copy }) => <Tooltip label={copied ? t('copied') : t('copy')}><ActionIcon variant="light" color={copied ? 'green' : 'gray'} aria-label={copied ? t('copied') : t('copyLink', { name: l.name })} onClick={copy}>{copied ? <IconCheck size={17} /> : <IconCopy size={17} stroke={1.7} />}</ActionIcon></Tooltip>}
              </CopyButton>
            )}
            {may && l.state !== 'revoked' && <RowButton label={`${t('edit')}: ${l.name}`} icon={IconEdit} color="green" onClick={() => set({ open: l.id })} />}
            {may && l.state !== 'revoked' && <RowButton label={`${t('revoke')}: ${l.name}`} icon={IconBan} color="orange" onClick={() => revoke(l)} />}
            {can('shareLink.delete') && <RowButton label={`${t('delete')}: ${l.name}`} icon={IconTrash} color="red" onClick={() => remove(l)} />}
          </>
        )}
        empty={{ title: t('none'), text: can('shareLink.create') ? t('noneText') : undefined }} />
      {params.new && can('shareLink.create') && <ShareForm owner={owner} devices={params.device?.split(',').filter(Boolean)} onClose={close} />}
      {params.open && may && opened.data && <ShareForm key={opened.data.id} link={opened.data} onClose={close} />}
    </>
  );
}
