import { Pill, SegmentedControl, Tooltip } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { useBulk } from '@/parts/bulk/BulkMenu';
import { RecordList } from '@/parts/RecordList';
import { BulkBar } from './BulkBar';
import { useCustomerColumns } from './columns';
import { DeleteCustomer } from './DeleteCustomer';
import { EditCustomer } from './form/EditCustomer';
import { RowTools, useMayChange } from './RowTools';
import { TagFilter } from './TagFilter';
import { Tree } from './Tree';
import { Wizard } from './Wizard';
import { words } from './words';

type Customer = Schemas['Customer'];
type Doing = { what: 'new'; parent?: string } | { what: 'edit' | 'delete'; customer: Customer };

export function Customers() {
  const t = useT(words);
  const can = useCan();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const [doing, setDoing] = useState<Doing>();
  const may = useMayChange();
  const columns = useCustomerColumns((tag) => set({ tag }));
  const bulk = useBulk('customers');
  const [chosen, setChosen] = useState<string[]>([]);
  const [listed, setListed] = useState<Customer[]>([]);
  const picked = listed.filter((c) => chosen.includes(c.id));
  const asTree = params.arrange === 'tree';
  const done = () => setDoing(undefined);
  const tools = (c: Customer) => <RowTools customer={c} onEdit={() => setDoing({ what: 'edit', customer: c })} onDelete={() => setDoing({ what: 'delete', customer: c })} />;
  const filters = (
    <>
      <SegmentedControl aria-label={t('arrangement')} value={asTree ? 'tree' : 'list'} onChange={(v) => set({ arrange: v === 'tree' ? 'tree' : undefined, search: undefined, tag: undefined })}
        data={[{ value: 'list', label: t('list') }, { value: 'tree', label: t('tree') }]} />
      {!asTree && <TagFilter onPick={(tag) => set({ tag })} />}
      {params.tag && <Tooltip label={t('tagFilter')}><Pill withRemoveButton size="lg" removeButtonProps={{ 'aria-label': `${t('delete')}: ${params.tag}`, 'aria-hidden': false, tabIndex: 0 }} onRemove={() => set({ tag: undefined })}>{params.tag}</Pill></Tooltip>}
    </>
  );
  const onNew = can('customer.create') ? () => setDoing({ what: 'new' }) : undefined;
  return (
    <>
      {asTree ? <Tree columns={columns} tools={tools} filters={filters} onNew={onNew} /> : (
        <RecordList name="customers" views="customers" title={t('customers')} columns={columns} rowKey={(c) => c.id} filterKeys={['tag']} filters={<>{filters}{picked.length > 0 && <BulkBar customers={picked} onClear={() => setChosen([])} />}</>}
          selected={chosen} onSelect={can('customer.update') ? setChosen : undefined} rowName={(c) => c.name}
          load={async (query) => {
            const page = (await http.GET('/api/v1/customers', { params: { query } })).data!;
            setListed((old) => (query.after ? [...old, ...page.items] : page.items));
            return page;
          }}
          newLabel={t('new')} onNew={onNew} newMore={bulk} onOpen={(c) => navigate({ to: `/customers/${c.id}` as string })} rowActions={tools}
          empty={{ title: t('emptyTitle'), text: t('emptyText') }} />
      )}
      {doing?.what === 'new' && <Wizard parent={doing.parent} onClose={done} />}
      {doing?.what === 'edit' && <EditCustomer customer={doing.customer} onClose={done} onDelete={may(doing.customer, 'delete') ? () => setDoing({ what: 'delete', customer: doing.customer }) : undefined} />}
      {doing?.what === 'delete' && <DeleteCustomer customer={doing.customer} onClose={done} />}
    </>
  );
}
