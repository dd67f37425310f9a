// What the menu offers to whom. An entry shows where the caller has its
// permission, so that nobody meets a door that does not open.
import {
  IconBell, IconBellRinging, IconBuilding, IconCar, IconFileInvoice, IconHeartbeat, IconHistory, IconHome, IconLifebuoy,
  IconListDetails, IconMail, IconMap, IconPlugConnected, IconRoute, IconAdjustments, IconSettings, IconUsers, IconUserShield,
  IconCalendar, IconLayoutDashboard, IconPolygon, IconMapPin, IconLink, type Icon,
} from '@tabler/icons-react';
import type { Me } from '@/api/session';
import { texts } from '@/i18n';

export const words = texts({
  map: ['Live map', 'Mapa en vivo', 'Mapa ao vivo', 'Carte en direct'],
  alarms: ['Alarms', 'Alarmas', 'Alarmes', 'Alarmes'],
  playback: ['Playback', 'Recorridos', 'Trajetos', 'Trajets'],
  clients: ['Clients', 'Clientes (usuarios)', 'Clientes (usuários)', 'Clients (utilisateurs)'],
  operators: ['Operators', 'Operadores', 'Operadores', 'Opérateurs'],
  views: ['Views', 'Vistas', 'Visões', 'Vues'],
  connections: ['Connections', 'Conexiones', 'Conexões', 'Connexions'],
  shifts: ['Shifts', 'Turnos', 'Turnos', 'Équipes'],
  rules: ['Rules & notifications', 'Reglas y notificaciones', 'Regras e notificações', 'Règles et notifications'],
  deliveries: ['Deliveries', 'Envíos', 'Envios', 'Envois'],
  support: ['Support', 'Soporte', 'Suporte', 'Assistance'],
  parameters: ['Parameters', 'Parámetros', 'Parâmetros', 'Paramètres'],
  billing: ['Billing', 'Facturación', 'Faturamento', 'Facturation'],
  settings: ['Settings', 'Configuración', 'Configurações', 'Réglages'],
  audit: ['Audit', 'Auditoría', 'Auditoria', 'Audit'],
  system: ['System', 'Sistema', 'Sistema', 'Système'],
  shares: ['Share links', 'Enlaces temporales', 'Links temporários', 'Liens temporaires'],
  watch: ['Watch', 'Vigilar', 'Monitorar', 'Surveiller'],
  people: ['People and devices', 'Personas y dispositivos', 'Pessoas e dispositivos', 'Personnes et appareils'],
  run: ['Run', 'Administrar', 'Administrar', 'Administrer'],
  main: ['Main menu', 'Menú principal', 'Menu principal', 'Menu principal'],
});

export type Word = keyof typeof words;

export interface Entry {
  to: string;
  word: Word | 'home' | 'events' | 'customers' | 'devices' | 'users' | 'geofences' | 'markers';
  icon: Icon;
  when?: (me: Me) => boolean;
}

const may = (...permissions: string[]) => (me: Me) => permissions.some((p) => Boolean(me.may[p]));
export const isStaff = (me: Me) => ['platformAdmin', 'companyAdmin', 'operator'].includes(me.user.role);
const staff = (...permissions: string[]) => (me: Me) => isStaff(me) && may(...permissions)(me);
const client = (...permissions: string[]) => (me: Me) => !isStaff(me) && may(...permissions)(me);

/** The entries whose page exists; routes and labels are those of the manuals. */
export const menu: { group: Word; entries: Entry[] }[] = [
  {
    group: 'watch', entries: [
      { to: '/', word: 'home', icon: IconHome },
      { to: '/map', word: 'map', icon: IconMap, when: may('stream.read') },
      { to: '/alarms', word: 'alarms', icon: IconBellRinging, when: may('alarm.read') },
      { to: '/playback', word: 'playback', icon: IconRoute, when: may('position.read') },
      { to: '/events', word: 'events', icon: IconListDetails, when: may('event.read') },
    ],
  },
  {
    group: 'people', entries: [
      { to: '/customers', word: 'customers', icon: IconBuilding, when: (me) => staff('customer.read')(me) || Boolean(me.may['customer.create']) },
      { to: '/devices', word: 'devices', icon: IconCar, when: may('device.read') },
      { to: '/connections', word: 'connections', icon: IconPlugConnected, when: staff('connection.read') },
      { to: '/users/clients', word: 'clients', icon: IconUsers, when: staff('user.read') },
      { to: '/users/operators', word: 'operators', icon: IconUserShield, when: staff('user.create') },
      { to: '/users/clients', word: 'users', icon: IconUsers, when: client('user.create') },
      { to: '/geofences', word: 'geofences', icon: IconPolygon, when: may('fence.read') },
      { to: '/markers', word: 'markers', icon: IconMapPin, when: may('marker.read') },
      { to: '/shares', word: 'shares', icon: IconLink, when: may('shareLink.read') },
      { to: '/shifts', word: 'shifts', icon: IconCalendar, when: staff('shift.read') },
      { to: '/views', word: 'views', icon: IconLayoutDashboard, when: staff('view.read') },
    ],
  },
  {
    group: 'run', entries: [
      { to: '/rules', word: 'rules', icon: IconBell, when: staff('notification.read') },
      { to: '/deliveries', word: 'deliveries', icon: IconMail, when: staff('delivery.read') },
      { to: '/support', word: 'support', icon: IconLifebuoy, when: may('ticket.read') },
      { to: '/parameters', word: 'parameters', icon: IconAdjustments, when: staff('calendar.create') },
      { to: '/billing', word: 'billing', icon: IconFileInvoice, when: staff('statement.read') },
      { to: '/settings', word: 'settings', icon: IconSettings, when: staff('company.update') },
      { to: '/audit', word: 'audit', icon: IconHistory, when: may('audit.read') },
      { to: '/system', word: 'system', icon: IconHeartbeat, when: may('system.read') },
    ],
  },
];

/** A customer's people are told where a page of the menu is not for them, or not any more; staff's pages say it themselves. */
export function isBarred(me: Me, path: string): boolean {
  if (isStaff(me)) return false;
  const doors = menu.flatMap((g) => g.entries).filter((e) => e.to !== '/' && e.to === path);
  return doors.length > 0 && doors.every((e) => e.when && !e.when(me));
}
