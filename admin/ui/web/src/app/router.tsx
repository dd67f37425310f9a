// Every address of the product. Pages are loaded when first opened; the map's
// code never weighs on the rest. Addresses are a contract: mails, manuals and
// other programs link to them.
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { isProblem } from '@/api/client';
import { meQuery } from '@/api/session';
import { Broken, Missing } from './broken';
import { Shell } from './shell';

type Search = Record<string, string | undefined>;
/** Filters of lists live in the address, as plain strings. */
const plain = (search: Record<string, unknown>): Search =>
  Object.fromEntries(Object.entries(search).filter(([, v]) => v !== '' && v != null).map(([k, v]) => [k, String(v)]));

const root = createRootRouteWithContext<{ client: QueryClient }>()({ component: Outlet, validateSearch: plain, notFoundComponent: Missing });

/** Pages for those who have signed in; others are sent to sign in and come back. */
const inside = createRoute({
  getParentRoute: () => root, id: 'inside', component: Shell, errorComponent: Broken, notFoundComponent: Missing,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.client.ensureQueryData(meQuery);
    } catch (err) {
      if (!isProblem(err, 401)) throw err;
      throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
});

const page = <P extends string>(path: P, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({ getParentRoute: () => inside, path, component: lazyRouteComponent(load as never, name as never) as never });
const open = <P extends string>(path: P, load: () => Promise<Record<string, unknown>>, name: string) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as never, name as never) as never });

const tree = root.addChildren([
  inside.addChildren([
    page('/', () => import('@/pages/home'), 'Home'),
    page('/map', () => import('@/pages/map'), 'LiveMap'),
    page('/playback', () => import('@/pages/playback'), 'Playback'),
    page('/shares', () => import('@/pages/shares'), 'Shares'),
    page('/events', () => import('@/pages/events'), 'Events'),
    page('/alarms', () => import('@/pages/alarms'), 'Alarms'),
    page('/geofences', () => import('@/pages/geofences'), 'Geofences'),
    page('/geofences/$id', () => import('@/pages/geofences'), 'Geofences'),
    page('/markers', () => import('@/pages/markers'), 'Markers'),
    page('/deliveries', () => import('@/pages/deliveries'), 'Deliveries'),
    page('/customers', () => import('@/pages/customers'), 'Customers'),
    page('/customers/$id', () => import('@/pages/customer'), 'CustomerPanel'),
    page('/users/clients', () => import('@/pages/users'), 'Clients'),
    page('/users/operators', () => import('@/pages/users'), 'Operators'),
    page('/users/clients/$id', () => import('@/pages/users'), 'Person'),
    page('/users/operators/$id', () => import('@/pages/users'), 'Person'),
    page('/shifts', () => import('@/pages/shifts'), 'Shifts'),
    page('/devices', () => import('@/pages/devices'), 'Devices'),
    page('/devices/connect', () => import('@/pages/connect'), 'Connect'),
    page('/devices/$id', () => import('@/pages/device'), 'DevicePanel'),

    page('/support', () => import('@/pages/support'), 'Support'),
    page('/audit', () => import('@/pages/audit'), 'Audit'),
    page('/billing', () => import('@/pages/billing'), 'Billing'),
    page('/system', () => import('@/pages/system'), 'System'),
    page('/views', () => import('@/pages/views'), 'Views'),
    page('/connections', () => import('@/pages/connections'), 'Connections'),
    page('/connections/$id', () => import('@/pages/connections'), 'ConnectionPage'),
    page('/rules', () => import('@/pages/rules'), 'Rules'),
    page('/parameters', () => import('@/pages/parameters'), 'Parameters'),
    page('/parameters/$section', () => import('@/pages/parameters'), 'Parameters'),
    page('/settings', () => import('@/pages/settings'), 'Settings'),
    page('/settings/$section', () => import('@/pages/settings'), 'Settings'),
    page('/profile', () => import('@/pages/profile'), 'Profile'),
  ]),
  open('/login', () => import('@/pages/signin'), 'SignIn'),
  open('/setup', () => import('@/pages/signin'), 'SetUp'),
  open('/activate', () => import('@/pages/signin'), 'Activate'),
  open('/s/$token', () => import('@/pages/shared'), 'Shared'),
  open('/activate/$token', () => import('@/pages/signin'), 'Activate'),
]);

export const router = createRouter({ routeTree: tree, context: { client: undefined! }, defaultPreload: 'intent', scrollRestoration: true });

declare module '@tanstack/react-router' {
  interface Register { router: typeof router }
}
