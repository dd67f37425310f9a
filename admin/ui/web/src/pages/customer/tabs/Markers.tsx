import { ColorInput, ColorSwatch, Group, NumberInput, Select, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { IconEdit, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { clean, filled } from '@/parts/clean';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { FormDialog } from '@/parts/FormDialog';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import type { TabProps } from '../tabs';
import { own } from './words';

type Marker = Schemas['Marker'];
const icons = ['pin', 'flag', 'home', 'office', 'shop', 'fuel', 'parking', 'warehouse', 'hospital', 'police', 'tool', 'star'] as const;

export default function Markers({ customer }: TabProps) {
  const t = useT(own);
  const can = useCan();
  const client = useQueryClient();
  const [editing, setEditing] = useState<Marker | 'new'>();
  const changed = () => client.invalidateQueries({ queryKey: ['markers'] });
  const columns: Column<Marker>[] = [
    { key: 'name', label: t('name'), render: (m) => <Group gap="xs" wrap="nowrap"><ColorSwatch size={14} color={m.colour || '#0b7285'} /><Text size="sm" fw={600}>{m.name}</Text></Group> },
    { key: 'icon', label: t('icon'), render: (m) => t(m.icon) },
    { key: 'place', label: `${t('lat')}, ${t('lon')}`, render: (m) => <span className="tabular">{m.lat.toFixed(5)}, {m.lon.toFixed(5)}</span> },
    { key: 'note', label: t('note'), render: (m) => <Text size="sm" lineClamp={1}>{m.note}</Text> },
  ];
  const remove = (m: Marker) => confirmDelete(t as never, m.name, t('noUndo'), () => http.DELETE('/api/v1/markers/{id}', { params: { path: { id: m.id }, query: { version: m.version } } }), changed);
  return (
    <>
      <RecordList name="markers" level={3} scope={customer.id} title={t('markers')} columns={columns} rowKey={(m) => m.id}
        load={async (query) => (await http.GET('/api/v1/markers', { params: { query: { ...query, owner: customer.id } } })).data!}
        newLabel={t('addMarker')} onNew={can('marker.create') ? () => setEditing('new') : undefined} onOpen={can('marker.update') ? setEditing : undefined}
        rowActions={can('marker.update') ? (m) => (
          <>
            <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => setEditing(m)} />
            <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => remove(m)} />
          </>
        ) : undefined}
        empty={{ title: t('noMarkers'), text: t('noMarkersText') }} />
      {editing && <MarkerDialog owner={customer.id} marker={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} onSaved={changed} />}
    </>
  );
}

function MarkerDialog({ owner, marker, onClose, onSaved }: { owner: string; marker?: Marker; onClose: () => void; onSaved: () => void }) {
  const t = useT(own);
  const form = useForm({
    initialValues: { name: marker?.name ?? '', icon: (marker?.icon ?? 'pin') as string, colour: marker?.colour ?? '#0b7285', lat: (marker?.lat ?? '') as number | '', lon: (marker?.lon ?? '') as number | '', note: marker?.note ?? '' },
    validate: { name: filled(t('required')), lat: filled(t('required')), lon: filled(t('required')) },
  });
  const save = async (v: typeof form.values) => {
    const body = clean({ ...v, owner, version: marker?.version }) as Marker;
    if (marker) await http.PUT('/api/v1/markers/{id}', { params: { path: { id: marker.id } }, body });
    else await http.POST('/api/v1/markers', { body });
    onSaved();
  };
  return (
    <FormDialog opened onClose={onClose} title={marker ? `${t('edit')}: ${marker.name}` : t('addMarker')} form={form} onSubmit={save}>
      <TextInput label={t('name')} required data-autofocus maxLength={120} {...form.getInputProps('name')} />
      <SimpleGrid cols={2}>
        <NumberInput label={t('lat')} required min={-90} max={90} decimalScale={7} hideControls {...form.getInputProps('lat')} />
        <NumberInput label={t('lon')} required min={-180} max={180} decimalScale={7} hideControls {...form.getInputProps('lon')} />
        <Select label={t('icon')} allowDeselect={false} data={icons.map((i) => ({ value: i, label: t(i) }))} {...form.getInputProps('icon')} />
        <ColorInput label={t('colour')} {...form.getInputProps('colour')} />
      </SimpleGrid>
      <Textarea label={t('note')} autosize minRows={2} maxLength={2000} {...form.getInputProps('note')} />
    </FormDialog>
  );
}
