// The devices of a customer: as a list, or as cards for a glance.
import { Anchor, Button, SegmentedControl } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconEdit, IconExternalLink, IconHelp, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { useT } from '@/i18n';
import { useLast } from '@/pages/devices/data';
import { DeviceForm } from '@/pages/devices/DeviceForm';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { Ago } from '@/parts/time';
import { DeviceCards } from '../DeviceCards';
import { DeviceDialog } from '../DeviceDialog';
import type { TabProps } from '../tabs';
import { useCustomerUsers } from '../users/data';
import { words } from '../words';

type Device = Schemas['Device'];

export default function Devices({ customer }: TabProps) {
  const t = useT(words);
  const can = useCan();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [view, setView] = useLocalStorage<'list' | 'cards'>({ key: 'customer.devices.view', defaultValue: 'list' });
  const [editing, setEditing] = useState<Device | 'new'>();
  const [shown, setShown] = useState<string[]>();
  const last = useLast(shown);
  const users = useCustomerUsers(customer.id);
  const assigned = (d: Device) => users?.filter((u) => u.role === 'customerUser' && u.devices.includes(d.id)).length;
  const changed = () => { for (const key of ['devices', 'customer', 'customers']) void client.invalidateQueries({ queryKey: [key] }); };
  const remove = (d: Device) => confirmDelete(t as never, d.name, t('deleteDevice'),
    () => {
      setShown((ids) => ids?.filter((id) => id !== d.id)); // nobody asks any more where it is
      return http.DELETE('/api/v1/devices/{id}', { params: { path: { id: d.id }, query: { version: d.version } } });
    }, changed);
  const actions = (d: Device) => (
    <>
      <RowButton label={t('openDevice')} icon={IconExternalLink} to={`/devices/${d.id}`} />
      {can('device.update') && <RowButton label={t('edit')} icon={IconEdit} color="green" onClick={() => setEditing(d)} />}
      {can('device.delete') && <RowButton label={t('delete')} icon={IconTrash} color="red" onClick={() => remove(d)} />}
    </>
  );
  const columns: Column<Device>[] = [
    { key: 'name', sort: 'name', label: t('name'), render: (d) => <Anchor component={Link} to={`/devices/${d.id}` as string} size="sm" fw={600}>{d.name}</Anchor> },
    { key: 'plate', sort: 'plate', label: t('plate'), render: (d) => d.plate },
    { key: 'uniqueId', sort: 'uniqueId', label: t('uniqueId'), render: (d) => <span className="tabular">{d.uniqueId}</span> },
    { key: 'model', sort: 'model', label: t('model'), extra: true, render: (d) => d.model },
    { key: 'last', label: t('lastFix'), render: (d) => <Ago time={last?.get(d.id)?.time} empty={last ? t('never') : '–'} /> },
    ...(can('user.create') ? [{ key: 'assigned', label: t('assignedUsers'), align: 'right' as const, render: (d: Device) => <span className="tabular">{assigned(d)}</span> }] : []),
  ];
  const load = async (query: Record<string, string | number | undefined>) => {
    const page = (await http.GET('/api/v1/devices', { params: { query: { ...query, owner: customer.id } as never } })).data!;
    setShown((old) => [...(query.after ? (old ?? []) : []), ...page.items.map((d) => d.id)]);
    return page;
  };
  const shared = {
    title: t('devices'), level: 3 as const, scope: customer.id, load,
    newLabel: t('addDevice'), onNew: can('device.create') ? () => setEditing('new') : undefined,
    filters: <SegmentedControl aria-label={t('arrangement')} value={view} onChange={(v) => setView(v as 'list' | 'cards')} data={[{ value: 'list', label: t('list') }, { value: 'cards', label: t('cards') }]} />,
    tools: can('device.create') && <Button variant="subtle" component={Link} to={'/devices/connect' as string} leftSection={<IconHelp size={16} />}>{t('devicesHelp')}</Button>,
    empty: { title: t('noDevices'), text: can('device.create') ? t('noDevicesText') : undefined },
  };
  return (
    <>
      {view === 'list'
        ? <RecordList name="devices" columns={columns} rowKey={(d) => d.id} rowActions={actions} onOpen={(d) => navigate({ to: `/devices/${d.id}` as string })} {...shared} />
        : <DeviceCards {...shared} actions={actions} last={last} />}
      {editing === 'new' ? <DeviceDialog customer={customer} onClose={() => setEditing(undefined)} onSaved={changed} /> : editing && <DeviceForm device={editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}
