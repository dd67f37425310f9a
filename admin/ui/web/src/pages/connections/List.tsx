// The connections in sight, or those of one customer, with how each stands now.
import { Anchor, Group, Text } from '@mantine/core';
import { useInterval } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconEdit, IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { sayProblem } from '@/parts/problems';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { Ago } from '@/parts/time';
import { ConnectionForm } from './ConnectionForm';
import { useTools, type Connection } from './data';
import { StateOf } from './Standing';
import { words } from './words';

/** ConnectionsOf lists those of a customer; without one, all that the caller sees. */
export function ConnectionsOf({ owner, filters }: { owner?: string; filters?: ReactNode }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { changed, enable, resync, remove } = useTools();
  const [doing, setDoing] = useState<Connection | 'new'>();
  const again = useInterval(() => { if (!document.hidden) void client.invalidateQueries({ queryKey: ['connections'] }); }, 3000);
  useEffect(() => { again.start(); return again.stop; }, []); // eslint-disable-line react-hooks/exhaustive-deps
  const open = (c: Connection) => navigate({ to: `/connections/${c.id}` as string });
  const number = (key: 'found' | 'new' | 'updated' | 'missing' | 'rate', label: string): Column<Connection> => ({ key, label, align: 'right', render: (c) => <span className="tabular">{c.status?.[key] ?? 0}</span> });
  const columns: Column<Connection>[] = [
    { key: 'name', label: t('name'), render: (c) => <div><Anchor component={Link} to={`/connections/${c.id}` as string} size="sm" fw={600}>{c.name}</Anchor><Text size="xs" c="dimmed" truncate maw={240}>{c.url}</Text></div> },
    ...(owner ? [] : [{ key: 'customer', label: t('customer'), render: (c: Connection) => <Text size="sm">{c.ownerName}</Text> }]),
    { key: 'state', label: t('status'), render: (c) => <Group gap={6} wrap="nowrap"><StateOf connection={c} />{c.status?.state === 'error' && <Text size="xs" c="dimmed" lineClamp={1} maw={220} title={c.status.errorDetail}>{c.status.lastError}</Text>}</Group> },
    number('found', t('found')), number('new', t('new')), number('updated', t('updated')), number('missing', t('missing')), number('rate', t('rateShort')),
    { key: 'last', label: t('lastMessage'), render: (c) => <Ago time={c.status?.lastMessage} empty={t('never')} /> },
    { key: 'sync', label: t('lastSync'), extra: true, render: (c) => <Ago time={c.lastSync} empty={t('never')} /> },
  ];
  return (
    <>
      <RecordList name="connections" level={owner ? 3 : undefined} scope={owner} title={t('connections')} columns={columns} rowKey={(c) => c.id} filters={filters}
        load={async ({ limit, after, search }) => (await http.GET('/api/v1/connections', { params: { query: { limit, after, search, owner } } })).data!}
        newLabel={t('newConnection')} onNew={can('connection.create') ? () => setDoing('new') : undefined} onOpen={open}
        rowActions={can('connection.update') ? (c) => (
          <>
            {c.enabled
              ? <RowButton label={t('disable')} icon={IconPlayerPause} onClick={() => enable(c, false).catch(sayProblem)} />
              : <RowButton label={t('enable')} icon={IconPlayerPlay} color="green" onClick={() => enable(c, true).catch(sayProblem)} />}
            {c.enabled && <RowButton label={t('resync')} icon={IconRefresh} onClick={() => resync(c).catch(sayProblem)} />}
            <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => setDoing(c)} />
            <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => confirmDelete(t as never, c.name, t('deleteText'), () => remove(c), changed)} />
          </>
        ) : undefined}
        empty={{ title: t('emptyTitle'), text: t('emptyText') }} />
      {doing && <ConnectionForm connection={doing === 'new' ? undefined : doing} owner={owner} onClose={() => setDoing(undefined)} onSaved={(c) => { if (doing === 'new') void open(c); }} />}
    </>
  );
}
