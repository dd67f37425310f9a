// All devices that one may see, whose they are and whether they are heard.
import { Anchor, Badge, Box, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { IconEdit, IconExternalLink, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useT } from '@/i18n';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { CustomerSelect } from '@/parts/CustomerSelect';
import { useBulk } from '@/parts/bulk/BulkMenu';
import { RecordList, type Column } from '@/parts/RecordList';
import { RowButton } from '@/parts/RowButton';
import { labelChoices, useDeviceLabels, useLast, type Device } from './data';
import { DeviceForm } from './DeviceForm';
import { Flags, OnlineState } from './State';
import { Strangers } from './Strangers';
import { words } from './words';

export function Devices() {
  const t = useT(words);
  const can = useCan(), me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const set = (change: Record<string, string | undefined>) => navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, ...change }), replace: true } as never);
  const bulk = useBulk('devices');
  const [editing, setEditing] = useState<Device | 'new'>();
  const [shown, setShown] = useState<Device[]>([]);
  const last = useLast(shown.map((d) => d.id)), labels = useDeviceLabels(), staff = isStaff(me);
  const name = useNames({ customers: shown.map((d) => d.customer), companies: me.user.role === 'platformAdmin' ? shown.map((d) => d.company) : [] });
  const whose = (d: Device) => (d.customer ? <Anchor component={Link} to={`/customers/${d.customer}` as string} size="sm">{name(d.customer) || '…'}</Anchor> : <Text span size="sm" c="dimmed">{t('stock')}</Text>);
  const remove = (d: Device) => confirmDelete(t as never, d.name, t('deleteText'),
    () => http.DELETE('/api/v1/devices/{id}', { params: { path: { id: d.id }, query: { version: d.version } } }),
    () => { for (const key of ['devices', 'customers', 'customer']) void client.invalidateQueries({ queryKey: [key] }); });
  const columns: Column<Device>[] = [
    { key: 'name', sort: 'name', label: t('name'), render: (d) => <Group gap={6} wrap="wrap"><Anchor component={Link} to={`/devices/${d.id}` as string} size="sm" fw={600}>{d.name}</Anchor><Flags device={d} /></Group> },
    { key: 'state', label: t('lastFix'), render: (d) => <OnlineState device={d} last={last?.get(d.id)} known={Boolean(last)} /> },
    ...(staff ? [{ key: 'owner', label: t('owner'), render: whose }] : []),
    { key: 'plate', sort: 'plate', label: t('plate'), render: (d) => d.plate },
    { key: 'uniqueId', sort: 'uniqueId', label: t('uniqueId'), render: (d) => <span className="tabular">{d.uniqueId}</span> },
    { key: 'type', sort: 'type', label: t('type'), render: (d) => d.typeName },
    { key: 'model', label: t('model'), extra: true, render: (d) => d.model },
    { key: 'phone', label: t('sim'), extra: true, render: (d) => <span className="tabular">{d.phone}</span> },
    ...(me.user.role === 'platformAdmin' ? [{ key: 'company', label: t('company'), extra: true, render: (d: Device) => name(d.company) }] : []),
    { key: 'labels', label: t('labels'), render: (d) => <Group gap={4}>{labels.filter((l) => d.labels.includes(l.id!)).map((l) => <Badge key={l.id} variant="default" tt="none" fw={500}>{l.name}</Badge>)}</Group> },
  ];
  const connect = can('device.create') && <Button variant="default" component={Link} to={'/devices/connect' as string} leftSection={<IconPlugConnected size={16} />}>{t('connect')}</Button>;
  return (
    <Stack gap={0} h="100%">
      {can('stranger.read') && <Strangers customer={params.owner} onAdopted={setEditing} />}
      <Box style={{ flex: 1, minHeight: 0 }}>
        <RecordList name="devices" views="devices" title={t('devices')} columns={columns} rowKey={(d) => d.id} filterKeys={['owner', 'label', 'clock']}
          load={async (query) => {
            const page = (await http.GET('/api/v1/devices', { params: { query: query as never } })).data!;
            setShown((old) => (query.after ? [...old, ...page.items] : page.items));
            return page;
          }}
          filters={
            <>
              {staff && can('customer.read') && <CustomerSelect aria-label={t('owner')} placeholder={t('anyOwner')} w={210} value={params.owner ?? ''} onChange={(v) => void set({ owner: v || undefined })} />}
              {labels.length > 0 && <Select aria-label={t('labels')} placeholder={t('anyLabel')} searchable clearable w={180} data={labelChoices(labels)} value={params.label ?? null} onChange={(v) => void set({ label: v ?? undefined })} />}
              {staff && <Select aria-label={t('clock')} placeholder={t('clock')} clearable w={220} data={[{ value: 'proposed', label: t('onlyClock') }]} value={params.clock ?? null} onChange={(v) => void set({ clock: v ?? undefined })} />}
            </>
          }
          tools={connect} newLabel={t('newDevice')} onNew={can('device.create') ? () => setEditing('new') : undefined} newMore={bulk} onOpen={(d) => void navigate({ to: `/devices/${d.id}` as string })}
          rowActions={(d) => (
            <>
              <RowButton label={`${t('open')}: ${d.name}`} icon={IconExternalLink} to={`/devices/${d.id}`} />
              {can('device.update') && <RowButton label={`${t('edit')}: ${d.name}`} icon={IconEdit} color="green" onClick={() => setEditing(d)} />}
              {can('device.delete') && <RowButton label={`${t('delete')}: ${d.name}`} icon={IconTrash} color="red" onClick={() => remove(d)} />}
            </>
          )}
          empty={{ title: t('noDevices'), text: can('device.create') ? t('noDevicesText') : t('noDevicesYours'), action: connect }} />
      </Box>
      {editing && <DeviceForm device={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </Stack>
  );
}
