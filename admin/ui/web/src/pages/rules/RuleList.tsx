import { Badge, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { IconEdit, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { span } from '@/live/tell';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import type { Rule } from './data';
import { RuleForm } from './RuleForm';
import { words } from './words';

export function RuleList({ filter }: { filter: ReactNode }) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const params = useSearch({ strict: false }) as { owner?: string };
  const [editing, setEditing] = useState<Rule | 'new'>();
  const [shown, setShown] = useState<Rule[]>([]);
  const name = useNames({ customers: shown.map((r) => r.owner), companies: shown.map((r) => r.owner), fences: shown.flatMap((r) => r.fences.slice(0, 2)) });
  const may = can('rule.update');
  const remove = (r: Rule) => confirmDelete(t as never, r.name, t('noUndo'), () => http.DELETE('/api/v1/rules/{id}', { params: { path: { id: r.id }, query: { version: r.version } } }), () => client.invalidateQueries({ queryKey: ['rules'] }));
  const columns: Column<Rule>[] = [
    { key: 'name', sort: 'name', label: t('name'), render: (r) => <Text size="sm" fw={600}>{r.name}</Text> },
    { key: 'trigger', label: t('trigger'), render: (r) => <><Text size="sm">{t(r.trigger)}</Text><Text size="xs" c="dimmed">{[r.limit && `${r.limit} km/h`, r.after && span(r.after / 1000), r.at].filter(Boolean).join(' · ')}</Text></> },
    { key: 'owner', label: t('owner'), render: (r) => name(r.owner) },
    { key: 'fences', label: t('geofences'), render: (r) => (r.allFences ? t('allFences') : r.fences.length > 2 ? r.fences.length : r.fences.map((f) => name(f) || '…').join(', ')) },
    { key: 'devices', label: t('devices'), render: (r) => (!r.targets || r.targets.all ? t('allDevices') : t('nDevices', { n: r.targets.devices?.length ?? 0 })) },
    { key: 'status', sort: 'status', label: t('status'), render: (r) => <Badge variant="dot" tt="none" fw={500} miw="max-content" color={r.paused ? 'gray' : 'green'}>{r.paused ? t('inactive') : t('active')}</Badge> },
  ];
  return (
    <>
      <RecordList name="rules" title={t('rules')} columns={columns} rowKey={(r) => r.id} filterKeys={['owner']} filters={filter}
        load={async (query) => {
          const page = (await http.GET('/api/v1/rules', { params: { query: query as never } })).data!;
          setShown((old) => (query.after ? [...old, ...page.items] : page.items));
          return page;
        }}
        newLabel={t('newRule')} onNew={can('rule.create') ? () => setEditing('new') : undefined} onOpen={may ? setEditing : undefined}
        rowActions={may ? (r) => (
          <>
            <RowButton label={`${t('edit')}: ${r.name}`} icon={IconEdit} color="green" onClick={() => setEditing(r)} />
            {can('rule.delete') && <RowButton label={`${t('delete')}: ${r.name}`} icon={IconTrash} color="red" onClick={() => remove(r)} />}
          </>
        ) : undefined}
        empty={{ title: t('noRules'), text: can('rule.create') ? t('noRulesText') : undefined }} />
      {editing && <RuleForm rule={editing === 'new' ? undefined : editing} owner={editing === 'new' ? params.owner : undefined} onClose={() => setEditing(undefined)} />}
    </>
  );
}
