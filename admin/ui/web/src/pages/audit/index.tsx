// Who did what, when and from where; what it was before and after.
import { Badge, Button, Drawer, Group, Select, Stack, Switch, Table, Text } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { RecordList, type Column, type ListParams } from '@/parts/RecordList';
import { When } from '@/parts/time';
import { Chain } from './Chain';
import { csv, save } from './csv';
import { actionNames, recordNames } from './names';
import { kinds, words } from './words';

type Row = Schemas['AuditRow'];
const shown = (v: unknown) => (v === undefined || v === null || v === '' ? '–' : typeof v === 'string' ? v : JSON.stringify(v));
const exported = 10_000; // rows

async function load({ limit, after, user, record, id, action, from, to, refused }: ListParams) {
  const day = (d: unknown, end?: boolean) => (d ? new Date(`${d}T${end ? '24:00' : '00:00'}`).toISOString() : undefined);
  const query = { limit: Math.min(limit, 200), before: after ? Number(after) : undefined, user, record, id, action, from: day(from), to: day(to, true), refused: refused ? true : undefined };
  const page = (await http.GET('/api/v1/audit', { params: { query: query as never } })).data!;
  return { items: page.items, next: page.before ? String(page.before) : undefined };
}

export function Audit() {
  const t = useT(words);
  const tr = useT(recordNames), ta = useT(actionNames);
  const can = useCan();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const [row, setRow] = useState<Row>();
  const [busy, setBusy] = useState(false);
  const who = (r: Row) => r.by ?? (r.user ? t('gone') : t('system'));
  const did = (r: Row) => (r.action.startsWith('create') ? t('create') : r.action.startsWith('update') ? t('update') : r.action.startsWith('delete') ? t('remove') : r.action in actionNames ? ta(r.action as keyof typeof actionNames) : r.action);
  const kind = (name: string) => (name in recordNames ? tr(name as keyof typeof recordNames) : name);
  const columns: Column<Row>[] = [
    { key: 'number', label: t('number'), align: 'right', render: (r) => <Text size="sm" c="dimmed" className="tabular">{r.number}</Text> },
    { key: 'time', label: t('time'), render: (r) => <When time={r.at} /> },
    { key: 'who', label: t('who'), render: (r) => <Group gap={6} wrap="nowrap"><Text size="sm" fw={550}>{who(r)}</Text>{r.signedInAs && <Badge size="xs" color="orange" variant="light" tt="none">{t('onBehalf')}</Badge>}{r.token && <Badge size="xs" variant="light" tt="none">{t('token')}</Badge>}</Group> },
    { key: 'what', label: t('what'), render: (r) => <Group gap={6} wrap="nowrap"><Text size="sm">{did(r)}</Text>{r.refused && <Badge size="xs" color="red" variant="light" tt="none">{t('refused')}</Badge>}</Group> },
    { key: 'record', label: t('record'), render: (r) => <Text size="sm"><Text span c="dimmed" size="sm">{kind(r.record)}</Text> {r.name}</Text> },
    { key: 'addr', label: t('addr'), render: (r) => <Text size="sm" className="tabular">{r.addr}</Text> },
  ];
  const download = async () => {
    setBusy(true);
    try {
      const rows: Row[] = [];
      for (let after: string | undefined; rows.length < exported;) {
        const page = await load({ ...params, limit: 200, after } as ListParams);
        rows.push(...page.items);
        if (!(after = page.next)) break;
      }
      save('audit.csv', csv([[t('number'), t('time'), t('who'), t('what'), t('record'), t('name'), t('addr'), t('details')],
        ...rows.map((r) => [r.number, r.at, who(r), r.action, r.record, r.name ?? '', r.addr ?? '', r.fields.map((f) => `${f.name}: ${shown(f.before)} → ${shown(f.after)}`).join('; ')])]));
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy(false);
    }
  };
  const day = (key: 'from' | 'to') => <DateInput aria-label={t(key)} placeholder={t(key)} value={params[key] ?? null} onChange={(v) => set({ [key]: v ?? undefined })} clearable w={150} valueFormat="DD MMM YYYY" />;
  return (
    <>
      <RecordList name="audit" title={t('audit')} columns={columns} rowKey={(r) => String(r.number)} searchable={false} filterKeys={['user', 'record', 'id', 'action', 'from', 'to', 'refused']} load={load}
        tools={<>{can('system.read') && <Chain />}<Button variant="default" leftSection={<IconDownload size={16} />} loading={busy} onClick={download}>{t('export')}</Button></>}
        filters={
          <>
            <Select aria-label={t('record')} placeholder={t('any')} clearable searchable w={170} data={kinds.map((k) => ({ value: k, label: kind(k) }))} value={params.record ?? null} onChange={(v) => set({ record: v ?? undefined, id: undefined })} />
            <Select aria-label={t('what')} placeholder={t('what')} clearable w={150} data={[{ value: 'create', label: t('create') }, { value: 'update', label: t('update') }, { value: 'delete', label: t('remove') }]} value={params.action ?? null} onChange={(v) => set({ action: v ?? undefined })} />
            {day('from')}{day('to')}
            <Switch label={t('onlyRefused')} checked={Boolean(params.refused)} onChange={(e) => set({ refused: e.currentTarget.checked ? '1' : undefined })} />
          </>
        }
        onOpen={setRow} empty={{ title: t('empty') }} />
      {row && (
        <Drawer opened onClose={() => setRow(undefined)} position="right" size={640} title={`${did(row)}: ${row.name ?? kind(row.record)}`} closeButtonProps={{ 'aria-label': t('close') }}>
          <Stack>
            <Text size="sm" c="dimmed">{t('number')} {row.number} · <When time={row.at} /> · {who(row)}{row.addr && ` · ${row.addr}`}</Text>
            {row.fields.length === 0 ? <Text>{t('noFields')}</Text> : (
              <Table.ScrollContainer minWidth={420}>
                <Table layout="fixed">
                  <Table.Thead><Table.Tr><Table.Th>{t('field')}</Table.Th><Table.Th>{t('before')}</Table.Th><Table.Th>{t('after')}</Table.Th></Table.Tr></Table.Thead>
                  <Table.Tbody>{row.fields.map((f) => <Table.Tr key={f.name}><Table.Td fw={550}>{f.name}</Table.Td>{[f.before, f.after].map((v, i) => <Table.Td key={i} style={{ overflowWrap: 'anywhere' }}><Text size="sm" ff="monospace" lineClamp={8}>{shown(v)}</Text></Table.Td>)}</Table.Tr>)}</Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            )}
          </Stack>
        </Drawer>
      )}
    </>
  );
}
