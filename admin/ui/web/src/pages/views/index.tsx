// Saved maps: extent, layers, filters, list. A customer may begin with one.
import { Badge, Group, MultiSelect, Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconExternalLink, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { FormDialog } from '@/parts/FormDialog';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { addressOf } from './address';
import { words } from './words';

type View = Schemas['View'];

export function Views() {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const [doing, setDoing] = useState<View | 'new'>();
  const may = can('view.update');
  const screens = { map: t('map'), devices: t('devicesScreen'), customers: t('customersScreen'), panel: t('panel') };
  const columns: Column<View>[] = [
    { key: 'name', label: t('name'), render: (v) => <Text size="sm" fw={600}>{v.name}</Text> },
    { key: 'screen', label: t('screen'), render: (v) => screens[v.screen ?? 'map'] },
    { key: 'filter', label: t('filter'), render: (v) => <Group gap={4}>{[v.filter?.search, v.filter?.tag, v.filter?.state && t(v.filter.state)].filter(Boolean).map((f) => <Badge key={f} variant="light" tt="none" size="sm">{f}</Badge>)}</Group> },
    { key: 'customers', label: t('customersOf'), align: 'right', render: (v) => <span className="tabular">{v.customers?.length ?? 0}</span> },
  ];
  const remove = (v: View) => confirmDelete(t as never, v.name, t('deleteText'), () => http.DELETE('/api/v1/views/{id}', { params: { path: { id: v.id }, query: { version: v.version } } }), () => void client.invalidateQueries({ queryKey: ['views'] }));
  return (
    <>
      <RecordList name="views" title={t('views')} columns={columns} rowKey={(v) => v.id}
        load={async ({ limit, after, search }) => (await http.GET('/api/v1/views', { params: { query: { limit, after, search } } })).data!}
        newLabel={t('newView')} onNew={can('view.create') ? () => setDoing('new') : undefined} onOpen={may ? setDoing : undefined}
        rowActions={(v) => (
          <>
            <RowButton label={`${t('open')}: ${v.name}`} icon={IconExternalLink} to={addressOf(v)} newTab />
            {may && <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => setDoing(v)} />}
            {can('view.delete') && <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => remove(v)} />}
          </>
        )}
        empty={{ title: t('empty'), text: t('emptyText') }} />
      {doing && <ViewForm view={doing === 'new' ? undefined : doing} onClose={() => setDoing(undefined)} />}
    </>
  );
}

function ViewForm({ view: v, onClose }: { view?: View; onClose: () => void }) {
  const t = useT(words);
  const client = useQueryClient();
  const form = useForm({
    initialValues: {
      name: v?.name ?? '', screen: v?.screen ?? 'map', list: v?.list ?? 'table', layers: v?.layers ?? ['devices', 'geofences'], extent: v?.extent?.join(', ') ?? '', customers: v?.customers ?? [] as string[],
      search: v?.filter?.search ?? '', tag: v?.filter?.tag ?? '', state: (v?.filter?.state ?? null) as string | null, owner: v?.filter?.owner ?? '',
    },
    validate: { name: filled(t('required')), extent: (text) => (!text.trim() || text.split(',').map((n) => (n.trim() ? Number(n) : NaN)).filter((n) => !Number.isNaN(n)).length === 4 ? null : t('extentBad')) },
  });
  const customers = useQuery({ queryKey: ['customers', 'names'], queryFn: async () => (await http.GET('/api/v1/customers', { params: { query: { limit: 1000 } } })).data!.items }).data ?? [];
  const on = form.values.screen, map = on === 'map';
  const save = async ({ search, tag, state, owner, extent, ...rest }: typeof form.values) => {
    const filter = clean(on === 'customers' ? { search, tag } : { search, state, owner, labels: v?.filter?.labels ?? undefined });
    const body = clean({ ...rest, extent: extent.trim() ? extent.split(',').map(Number) : undefined, filter: Object.keys(filter).length ? filter : undefined, columns: v?.columns, sort: v?.sort, owner: v?.owner, version: v?.version }) as unknown as View;
    if (v) await http.PUT('/api/v1/views/{id}', { params: { path: { id: v.id } }, body });
    else await http.POST('/api/v1/views', { body });
    await client.invalidateQueries({ queryKey: ['views'] });
    notifications.show({ color: 'green', message: t('saved') });
  };
  return (
    <FormDialog opened onClose={onClose} title={v ? `${t('editView')}: ${v.name}` : t('newView')} form={form} onSubmit={save}>
      <TextInput label={t('name')} required data-autofocus maxLength={120} {...form.getInputProps('name')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} verticalSpacing="sm">
        <Select label={t('screen')} allowDeselect={false} data={[{ value: 'map', label: t('map') }, { value: 'devices', label: t('devicesScreen') }, { value: 'customers', label: t('customersScreen') }, { value: 'panel', label: t('panel') }]} {...form.getInputProps('screen')} />
        {map && <Select label={t('list')} allowDeselect={false} data={[{ value: 'table', label: t('table') }, { value: 'cards', label: t('cards') }, { value: 'none', label: t('noList') }]} {...form.getInputProps('list')} />}
        {map && <MultiSelect label={t('layers')} data={[{ value: 'devices', label: t('devices') }, { value: 'geofences', label: t('geofences') }, { value: 'markers', label: t('markers') }]} {...form.getInputProps('layers')} />}
        {map && <TextInput label={t('extent')} description={t('extentHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} placeholder="-74.3, 4.4, -73.9, 4.9" {...form.getInputProps('extent')} />}
        {on !== 'panel' && <TextInput label={`${t('filter')}: ${t('search')}`} maxLength={120} {...form.getInputProps('search')} />}
        {map && <Select label={`${t('filter')}: ${t('state')}`} clearable data={[{ value: 'connected', label: t('connected') }, { value: 'disconnected', label: t('disconnected') }]} {...form.getInputProps('state')} />}
        {on === 'customers' && <TextInput label={`${t('filter')}: ${t('tag')}`} maxLength={120} {...form.getInputProps('tag')} />}
        {on !== 'customers' && <CustomerSelect label={t('ofCustomer')} {...form.getInputProps('owner')} />}
      </SimpleGrid>
      <MultiSelect label={t('customersOf')} description={t('customersHint')} inputWrapperOrder={['label', 'input', 'description', 'error']} searchable data={customers.map((c) => ({ value: c.id, label: c.name }))} {...form.getInputProps('customers')} />
    </FormDialog>
  );
}
