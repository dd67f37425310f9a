// Which device it is, whose, whether it is heard, and what can be done with it.
import { ActionIcon, Alert, Anchor, Breadcrumbs, Button, Group, Menu, Text, Title, Tooltip } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconArrowsExchange, IconBellOff, IconDots, IconEdit, IconKey, IconMap, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { http } from '@/api/client';
import { useNames } from '@/api/names';
import { useCan, useMe } from '@/api/session';
import { isStaff } from '@/app/menu';
import { useLang, useT } from '@/i18n';
import { useLast, type Device } from '@/pages/devices/data';
import { DeviceForm } from '@/pages/devices/DeviceForm';
import { Flags, OnlineState } from '@/pages/devices/State';
import { confirmDelete } from '@/parts/ConfirmDelete';
import { AlarmMode } from './AlarmMode';
import { Move } from './Move';
import { Secret } from './Secret';
import { words } from './words';

export function Header({ device: d }: { device: Device }) {
  const t = useT(words);
  const { lang } = useLang();
  const can = useCan(), me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const last = useLast([d.id], 5000);
  const name = useNames({ customers: [d.customer] });
  const [doing, setDoing] = useState<'edit' | 'mode' | 'move' | 'secret'>();
  const done = () => setDoing(undefined);
  const staff = isStaff(me);
  const remove = () => confirmDelete(t as never, d.name, t('deleteText'), () => http.DELETE('/api/v1/devices/{id}', { params: { path: { id: d.id }, query: { version: d.version } } }), () => {
    void navigate({ to: '/devices' as string });
    for (const key of ['devices', 'customers', 'customer']) void client.invalidateQueries({ queryKey: [key] });
  });
  const moves = staff && can('device.create');
  return (
    <>
      <Breadcrumbs separatorMargin={6}>
        <Anchor component={Link} to={'/devices' as string} size="sm">{t('devices')}</Anchor>
        {staff && (d.customer ? <Anchor component={Link} to={`/customers/${d.customer}` as string} size="sm">{name(d.customer) || '…'}</Anchor> : <Text size="sm">{t('stock')}</Text>)}
        <Text size="sm" c="dimmed">{d.name}</Text>
      </Breadcrumbs>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Title order={1} size="h2" lineClamp={2}>{d.name}</Title>
          <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>{[d.plate, d.uniqueId, d.typeName, d.model].filter(Boolean).join(' · ')}</Text>
          <Group gap={6} mt={6}>{can('position.read') && <OnlineState device={d} last={last?.get(d.id)} known={Boolean(last)} />}<Flags device={d} /></Group>
        </div>
        <Group gap="xs">
          {can('stream.read') && <Button variant="default" leftSection={<IconMap size={16} />} component={Link} to={'/map' as string} search={{ device: d.id } as never}>{t('onMap')}</Button>}
          {can('alarmMode.update') && <Button variant="default" leftSection={<IconBellOff size={16} />} onClick={() => setDoing('mode')}>{t('alarmMode')}</Button>}
          {can('device.update') && <Button variant="light" color="green" leftSection={<IconEdit size={16} />} onClick={() => setDoing('edit')}>{t('edit')}</Button>}
          {(moves || can('device.delete')) && (
            <Menu position="bottom-end">
              <Menu.Target><Tooltip label={t('tools')}><ActionIcon variant="default" size={36} aria-label={t('tools')}><IconDots size={18} /></ActionIcon></Tooltip></Menu.Target>
              <Menu.Dropdown>
                {moves && <Menu.Item leftSection={<IconArrowsExchange size={16} />} onClick={() => setDoing('move')}>{t('move')}</Menu.Item>}
                {moves && <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setDoing('secret')}>{t('mqttPassword')}</Menu.Item>}
                {can('device.delete') && <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={remove}>{t('delete')}</Menu.Item>}
              </Menu.Dropdown>
            </Menu>
          )}
        </Group>
      </Group>
      {d.alarmMode !== 'normal' && (
        <Alert color="orange" py={8} icon={<IconBellOff size={18} />} role="status">
          {d.alarmModeUntil ? t('inMode', { mode: t(d.alarmMode), time: new Date(d.alarmModeUntil).toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'short' }) }) : t(d.alarmMode)}. {t('alarmModeHint')}
        </Alert>
      )}
      {doing === 'edit' && <DeviceForm device={d} onClose={done} />}
      {doing === 'mode' && <AlarmMode device={d} onClose={done} />}
      {doing === 'move' && <Move device={d} onClose={done} />}
      {doing === 'secret' && <Secret device={d} onClose={done} />}
    </>
  );
}
