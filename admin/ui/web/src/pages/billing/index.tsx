// What each customer used in a month and what it costs, with its reference, or
// its ID where it has none. Internal systems and trials are listed, at zero.
import { Alert, Badge, Button, Group, Text } from '@mantine/core';
import { MonthPickerInput } from '@mantine/dates';
import dayjs from 'dayjs';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useState } from 'react';
import { call, http, type Schemas } from '@/api/client';
import { save } from '@/pages/audit/csv';
import { texts, useLang, useT } from '@/i18n';
import { sayProblem } from '@/parts/problems';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';

type Statement = Schemas['Statement'];

const words = texts({
  billing: ['Billing', 'Facturación', 'Faturamento', 'Facturation'],
  month: ['Month', 'Mes', 'Mês', 'Mois'],
  open: ['The month is not over: the figures may still rise.', 'El mes no ha terminado: las cifras pueden subir.', 'O mês não terminou: os números ainda podem subir.', 'Le mois n’est pas terminé : les chiffres peuvent encore augmenter.'],
  reference: ['Reference or ID', 'Referencia o ID', 'Referência ou ID', 'Référence ou identifiant'],
  plan: ['Plan', 'Plan', 'Plano', 'Offre'],
  sms: ['SMS', 'SMS', 'SMS', 'SMS'],
  total: ['Total', 'Total', 'Total', 'Total'],
  internal: ['Internal system: zero-rated', 'Sistema interno: sin cargo', 'Sistema interno: sem cobrança', 'Système interne : à taux zéro'],
  trial: ['Trial: zero-rated', 'Prueba: sin cargo', 'Teste: sem cobrança', 'Essai : à taux zéro'],
  gone: ['Deleted in this month', 'Eliminado en este mes', 'Excluído neste mês', 'Supprimé ce mois-ci'],
  statement: ['Statement', 'Estado de cuenta', 'Extrato', 'Relevé'],
  empty: ['No customers to bill', 'No hay clientes que facturar', 'Não há clientes a faturar', 'Aucun client à facturer'],
  emptyText: ['Every customer has a line for each month, by its plan.', 'Cada cliente tiene una línea por mes, según su plan.', 'Cada cliente tem uma linha por mês, conforme o plano.', 'Chaque client a une ligne par mois, selon son offre.'],
});

/** zero is why nothing of a statement is billed. */
const zero = (s: Statement) => (s.lines.length > 0 && s.lines.every((l) => l.zeroRated) ? s.lines[0]!.zeroRated : s.internalSystem ? 'internal' : undefined);

async function everything<R>(get: (after?: string) => Promise<{ rows: R; next?: string }>): Promise<R[]> {
  const all: R[] = [];
  for (let after: string | undefined; ;) {
    const { rows, next } = await get(after);
    all.push(rows);
    if (!(after = next)) return all;
  }
}

export function Billing() {
  const t = useT(words);
  const { lang } = useLang();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const month = params.month ?? new Date().toISOString().slice(0, 7);
  const [busy, setBusy] = useState('');
  const [running, setRunning] = useState(false);
  const number = new Intl.NumberFormat(lang);
  const money = (s: Statement) => new Intl.NumberFormat(lang, s.currency ? { style: 'currency', currency: s.currency } : { minimumFractionDigits: 2 }).format(s.total / 100);
  const columns: Column<Statement>[] = [
    {
      key: 'customer', label: t('customer'), render: (s) => {
        const why = zero(s);
        return <div><Text size="sm" fw={600}>{s.name}</Text><Group gap={4}><Text size="xs" c="dimmed" className="tabular">{s.code}</Text>{why && <Badge size="xs" color="gray" variant="light" tt="none">{t(why)}</Badge>}{s.deleted && <Badge size="xs" color="red" variant="light" tt="none">{t('gone')}</Badge>}</Group></div>;
      },
    },
    { key: 'reference', label: t('reference'), render: (s) => <Text size="sm" className="tabular">{s.reference}</Text> },
    { key: 'plan', label: t('plan'), render: (s) => s.plan ?? <Text span c="dimmed">–</Text> },
    { key: 'devices', label: t('devices'), align: 'right', render: (s) => <span className="tabular">{number.format(s.usage.devices)}</span> },
    { key: 'users', label: t('users'), align: 'right', render: (s) => <span className="tabular">{number.format(s.usage.users)}</span> },
    { key: 'geofences', label: t('geofences'), align: 'right', extra: true, render: (s) => <span className="tabular">{number.format(s.usage.geofences)}</span> },
    { key: 'sms', label: t('sms'), align: 'right', render: (s) => <span className="tabular">{number.format(s.sms)}</span> },
    { key: 'total', label: t('total'), align: 'right', render: (s) => <Text size="sm" fw={600} className="tabular">{money(s)}</Text> },
  ];
  const download = async (kind: 'csv' | 'json') => {
    setBusy(kind);
    try {
      if (kind === 'json') {
        const pages = await everything(async (after) => { const { data } = await http.GET('/api/v1/statements', { params: { query: { month, after, limit: 200 } } }); return { rows: data!.items, next: data!.next }; });
        save(`statements-${month}.json`, JSON.stringify(pages.flat(), null, 2), 'application/json');
      } else {
        const parts = await everything(async (after) => {
          const res = await call('GET', `/api/v1/statements.csv?${new URLSearchParams({ month, limit: '200', ...(after && { after }) })}`);
          return { rows: await res.text(), next: res.headers.get('Next') ?? undefined };
        });
        save(`statements-${month}.csv`, parts.map((p, i) => (i ? p.slice(p.indexOf('\n') + 1) : p)).join(''));
      }
    } catch (err) {
      sayProblem(err);
    } finally {
      setBusy('');
    }
  };
  const statement = (s: Statement) => navigate({ to: `/customers/${s.customer}`, search: { tab: 'usage', month } } as never);
  return (
    <RecordList name="statements" scope={month} title={t('billing')} columns={columns} rowKey={(s) => s.customer} searchable={false}
      load={async ({ limit, after }) => {
        const page = (await http.GET('/api/v1/statements', { params: { query: { month, after, limit: Math.min(limit, 200) } } })).data!;
        setRunning(page.items.some((s) => s.open));
        return page;
      }}
      tools={<><Button variant="default" leftSection={<IconDownload size={16} />} loading={busy === 'csv'} onClick={() => download('csv')}>CSV</Button><Button variant="default" leftSection={<IconDownload size={16} />} loading={busy === 'json'} onClick={() => download('json')}>JSON</Button></>}
      filters={<><MonthPickerInput aria-label={`${t('month')}: ${dayjs(`${month}-01`).locale(lang === 'pt' ? 'pt-br' : lang).format('MMMM YYYY')}`} w={190} value={`${month}-01`} maxDate={new Date()} valueFormat="MMMM YYYY" onChange={(d) => d && navigate({ to: '.', search: { month: d.slice(0, 7) }, replace: true } as never)} />{running && <Alert py={6} color="blue" variant="light">{t('open')}</Alert>}</>}
      onOpen={(s) => { if (!s.deleted) void statement(s); }} rowActions={(s) => !s.deleted && <RowButton label={`${t('statement')}: ${s.name}`} icon={IconPrinter} onClick={() => statement(s)} />}
      empty={{ title: t('empty'), text: t('emptyText') }} />
  );
}
