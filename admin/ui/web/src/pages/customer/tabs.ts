// The tabs of a customer's panel, and for whom: the customer's own people find
// the few functions that are theirs, staff finds all.
import {
  IconApps, IconBell, IconBuildingCommunity, IconBuildings, IconForms, IconPlugConnected, IconToggleRight, IconUsersGroup, IconCar, IconChartBar, IconHistory, IconLifebuoy, IconLink, IconMapPin, IconMessage, IconPhone, IconPolygon, IconRoad, IconTags, IconUsers, type Icon,
} from '@tabler/icons-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Me } from '@/api/session';
import { isStaff } from '@/app/menu';
import type { Customer } from './data';
import type { W } from './words';

export interface TabProps { customer: Customer }

export interface Tab {
  key: string;
  word: W | 'devices' | 'users' | 'geofences' | 'markers';
  icon: Icon;
  when: (me: Me, c: Customer) => boolean;
  count?: (c: Customer) => number;
  view: LazyExoticComponent<ComponentType<TabProps>>;
}

const may = (permission: string) => (me: Me) => Boolean(me.may[permission]);
const staff = (permission: string) => (me: Me) => isStaff(me) && may(permission)(me);
/** Changes to a record are for those above it: a reseller's people do not change their own. */
const above = (me: Me, c: Customer) => Boolean(me.may['customer.update']) && me.user.customer !== c.id;

export const tabs: Tab[] = [
  { key: 'devices', word: 'devices', icon: IconCar, when: may('device.read'), count: (c) => c.counts.devices, view: lazy(() => import('./tabs/Devices')) },
  { key: 'users', word: 'users', icon: IconUsers, when: may('user.read'), count: (c) => c.counts.users, view: lazy(() => import('./tabs/Users')) },
  { key: 'geofences', word: 'geofences', icon: IconPolygon, when: may('fence.read'), count: (c) => c.counts.geofences, view: lazy(() => import('./tabs/Fences')) },
  { key: 'markers', word: 'markers', icon: IconMapPin, when: may('marker.read'), view: lazy(() => import('./tabs/Markers')) },
  { key: 'notifications', word: 'notifications', icon: IconBell, when: staff('notification.read'), view: lazy(() => import('./tabs/Notifications')) },
  { key: 'tags', word: 'tags', icon: IconTags, when: above, view: lazy(() => import('./tabs/Tags')) },
  { key: 'contacts', word: 'contacts', icon: IconPhone, when: staff('contact.read'), view: lazy(() => import('./tabs/Contacts')) },
  { key: 'connections', word: 'connections', icon: IconPlugConnected, when: staff('connection.read'), view: lazy(() => import('./tabs/Connections')) },
  { key: 'modules', word: 'modules', icon: IconApps, when: above, view: lazy(() => import('./tabs/Modules')) },
  { key: 'inner', word: 'inner', icon: IconBuildingCommunity, when: (me, c) => may('customer.read')(me) && (c.counts.innerCustomers > 0 || Boolean(me.may['customer.create']) && (isStaff(me) || c.reseller)), count: (c) => c.counts.innerCustomers, view: lazy(() => import('./tabs/Inner')) },
  { key: 'shares', word: 'shares', icon: IconLink, when: may('shareLink.read'), view: lazy(() => import('./tabs/Shares')) },
  { key: 'usage', word: 'usage', icon: IconChartBar, when: staff('statement.read'), view: lazy(() => import('./tabs/Usage')) },
  { key: 'address', word: 'place', icon: IconRoad, when: (me) => isStaff(me), view: lazy(() => import('./tabs/Place')) },
  { key: 'additional', word: 'additional', icon: IconForms, when: above, view: lazy(() => import('./tabs/Additional')) },
  { key: 'companies', word: 'companies', icon: IconBuildings, when: staff('company.read'), view: lazy(() => import('./tabs/Companies')) },
  { key: 'groups', word: 'groups', icon: IconUsersGroup, when: (me, c) => above(me, c) && may('label.read')(me), view: lazy(() => import('./tabs/Groups')) },
  { key: 'services', word: 'services', icon: IconToggleRight, when: above, view: lazy(() => import('./tabs/Services')) },
  { key: 'comments', word: 'comments', icon: IconMessage, when: staff('comment.read'), view: lazy(() => import('./tabs/Comments')) },
  { key: 'tickets', word: 'tickets', icon: IconLifebuoy, when: may('ticket.read'), view: lazy(() => import('./tabs/Tickets')) },
  { key: 'history', word: 'history', icon: IconHistory, when: staff('customer.update'), view: lazy(() => import('./tabs/History')) },
];
