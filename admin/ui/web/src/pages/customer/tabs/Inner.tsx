import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { http } from '@/api/client';
import { useCan } from '@/api/session';
import { texts, useT } from '@/i18n';
import { useCustomerColumns } from '@/pages/customers/columns';
import { DeleteCustomer } from '@/pages/customers/DeleteCustomer';
import { EditCustomer } from '@/pages/customers/form/EditCustomer';
import type { Customer } from '@/pages/customers/form/values';
import { RowTools } from '@/pages/customers/RowTools';
import { Wizard } from '@/pages/customers/Wizard';
import { RecordList } from '@/parts/RecordList';
import type { TabProps } from '../tabs';
import { words } from '../words';
import { own } from './words';

type Doing = { what: 'new' } | { what: 'edit' | 'delete'; customer: Customer };

/** The customers right below this one. */
export default function Inner({ customer }: TabProps) {
  const t = useT({ ...own, ...texts({ inner: words.inner }) });
  const can = useCan();
  const navigate = useNavigate();
  const [doing, setDoing] = useState<Doing>();
  const columns = useCustomerColumns(() => {});
  const done = () => setDoing(undefined);
  return (
    <>
      <RecordList name="customers" level={3} scope={`inner ${customer.id}`} title={t('inner')} columns={columns} rowKey={(c) => c.id}
        load={async (query) => (await http.GET('/api/v1/customers', { params: { query: { ...query, owner: customer.id } } })).data!}
        newLabel={t('newInner')} onNew={can('customer.create') ? () => setDoing({ what: 'new' }) : undefined} onOpen={(c) => navigate({ to: `/customers/${c.id}` as string })}
        rowActions={(c) => <RowTools customer={c} onEdit={() => setDoing({ what: 'edit', customer: c })} onDelete={() => setDoing({ what: 'delete', customer: c })} />}
        empty={{ title: t('noInner') }} />
      {doing?.what === 'new' && <Wizard parent={customer.id} onClose={done} />}
      {doing?.what === 'edit' && <EditCustomer customer={doing.customer} onClose={done} />}
      {doing?.what === 'delete' && <DeleteCustomer customer={doing.customer} onClose={done} />}
    </>
  );
}
