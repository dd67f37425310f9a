// Everything of one device, in the tabs of its type; the open one stands in the address.
import { Alert, Button, Center, Loader, Stack, Tabs, Title } from '@mantine/core';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { isProblem } from '@/api/client';
import { useCan, useMe } from '@/api/session';
import { useT } from '@/i18n';
import { Clock } from '@/pages/connect/Fix';
import { DeliveriesOf } from '@/pages/deliveries';
import { EventsOf } from '@/pages/events/Events';
import { useTypes, type Device } from '@/pages/devices/data';
import { DeviceFences, DeviceShares } from './Around';
import { Commands } from './Commands';
import { Contacts } from './Contacts';
import { allTabs, useDevice, usePanel, type Tab } from './data';
import { Header } from './Header';
import { History } from './History';
import { Live } from './Live';
import { Messages } from './Messages';
import { Notes } from './Notes';
import { DeviceNotifications } from './Notifications';
import { Schedules } from './Schedules';
import { DeviceUsers } from './Tied';
import { words } from './words';
import { Zones } from './Zones';
import '@/pages/customer/panel.css';

export function DevicePanel() {
  const { id } = useParams({ strict: false }) as { id: string };
  return <Loaded key={id} id={id} />;
}

function Loaded({ id }: { id: string }) {
  const t = useT(words);
  const device = useDevice(id);
  if (device.isPending) return <Center p="xl"><Loader aria-label={t('loading')} /></Center>;
  if (isProblem(device.error, 404)) {
    return <Center p="xl"><Stack align="center"><Title order={1} size="h2">{t('gone')}</Title><Button component={Link} to={'/devices' as string}>{t('toList')}</Button></Stack></Center>;
  }
  if (device.isError && !device.data) return <Alert m="md" color="red" role="alert">{device.error.message}</Alert>;
  return <Panel device={device.data!} />;
}

type Key = Exclude<Tab, 'notes'> | 'fixedNotes' | 'temporaryNotes' | 'rawMessages';

function Panel({ device }: { device: Device }) {
  const t = useT(words);
  const can = useCan(), me = useMe();
  const navigate = useNavigate();
  const params = useSearch({ strict: false }) as Record<string, string | undefined>;
  const panel = usePanel(device.id), p = panel.data;
  const type = useTypes(device.company).find((k) => k.id === device.type);
  const wanted = p?.tabs ?? (type?.tabs?.length ? (type.tabs as Tab[]) : allTabs);
  const word: Record<Key, string> = {
    map: t('live'), zones: t('zones'), users: t('users'), notifications: t('notifications'), contacts: t('contacts'), schedules: t('schedules'), sms: t('sms'), emails: t('emails'), push: t('push'),
    signals: t('signals'), fixedNotes: t('fixedNotes'), temporaryNotes: t('temporaryNotes'), commands: t('commands'), rawMessages: t('rawMessages'), fences: t('geofences'), shares: t('shares'), history: t('history'),
  };
  const sheet = Boolean(p), sent = can('delivery.read');
  const may: Record<Key, boolean> = {
    map: can('position.read'), zones: sheet, users: sheet, notifications: sheet, contacts: sheet, schedules: sheet, sms: sent, emails: sent, push: sent,
    signals: can('event.read'), fixedNotes: sheet, temporaryNotes: sheet, commands: can('command.read') && (['companyAdmin', 'customerAdmin'].includes(me.user.role) || Boolean(me.user.commands)), // others have a switch of their own
    rawMessages: can('rawMessage.read'), fences: can('fence.read'), shares: can('shareLink.read'), history: can('audit.read'),
  };
  const shown = wanted.flatMap((tab): Key[] => (tab === 'notes' ? ['fixedNotes', 'temporaryNotes'] : [tab])).filter((tab) => may[tab]);
  if (may.rawMessages) shown.splice(shown.includes('shares') ? shown.indexOf('shares') : shown.length, 0, 'rawMessages'); // no type asks for them: they are the staff's
  const open = shown.find((tab) => tab === params.tab) ?? shown[0];
  useEffect(() => { // the open tab may stand beyond the edge
    document.querySelector('.panel-tabs [aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [open, shown.length]);
  const view = (tab: Key) => {
    switch (tab) {
      case 'map': return <Live device={device} />;
      case 'zones': return <Zones panel={p!} />;
      case 'users': return <DeviceUsers panel={p!} />;
      case 'notifications': return <DeviceNotifications panel={p!} />;
      case 'contacts': return <Contacts panel={p!} />;
      case 'schedules': return <Schedules panel={p!} />;
      case 'sms': return <DeliveriesOf device={device.id} channel="sms" title={t('sms')} level={3} />;
      case 'emails': return <DeliveriesOf device={device.id} channel="email" title={t('emails')} level={3} />;
      case 'push': return <DeliveriesOf device={device.id} channel="push" title={t('push')} level={3} />;
      case 'signals': return <EventsOf device={device.id} level={3} />;
      case 'fixedNotes': case 'temporaryNotes': return <Notes key={tab} panel={p!} temporary={tab === 'temporaryNotes'} />;
      case 'commands': return <Commands device={device} />;
      case 'rawMessages': return <Messages device={device} />;
      case 'fences': return <DeviceFences device={device} />;
      case 'shares': return <DeviceShares device={device} />;
      case 'history': return <History device={device} />;
    }
  };
  return (
    <Stack p="md" gap="md">
      <Header device={device} />
      {can('device.create') && device.clock && <Clock id={device.id} quiet />}
      {panel.isError && <Alert color="red" role="alert">{panel.error.message}</Alert>}
      {panel.isLoading ? <Center p="xl"><Loader aria-label={t('loading')} /></Center> : open && (
        // A tab begins with its own search and order, not with those of the last one.
        <Tabs value={open} onChange={(key) => void navigate({ to: '.', search: { tab: key ?? undefined } } as never)} keepMounted={false} classNames={{ list: 'panel-tabs' }}>
          <Tabs.List aria-label={t('panel')}>{shown.map((tab) => <Tabs.Tab key={tab} value={tab}>{word[tab]}</Tabs.Tab>)}</Tabs.List>
          {shown.map((tab) => <Tabs.Panel key={tab} value={tab} pt="md">{view(tab)}</Tabs.Panel>)}
        </Tabs>
      )}
    </Stack>
  );
}
