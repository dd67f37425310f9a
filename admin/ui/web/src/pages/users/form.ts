// The form that the tabs Details, Address and Additional share: one Save.
import type { Schemas } from '@/api/client';
import { userInput } from '@/api/inputs';
import type { Me } from '@/api/session';
import { activationOf, type WithActivation } from '@/parts/Activation';
import { clean } from '@/parts/clean';
import { extraOf } from '@/parts/ExtraFields';

type User = Schemas['User'];
type UserModules = Schemas['UserInput']['modules'];

export interface PersonValues extends WithActivation {
  firstName: string; lastName: string; email: string; username: string; phone: string; lang: string; timezone: string; role: string; customer: string;
  enabled: boolean; web: boolean; ios: boolean; android: boolean; commands: boolean;
  location: string | null; country: string; city: string; zip: string; address: string; addressReference: string; lat: number | ''; lon: number | '';
  extra: Record<string, string>;
  /** Of a stored person only. */
  modules: string[]; groups: string[];
}

export function personValues(u: User | undefined, me: Me, staff: boolean): PersonValues {
  return {
    firstName: u ? (u.firstName ?? u.name) : '', lastName: u?.lastName ?? '', email: u?.email ?? '', username: u?.username ?? '', phone: u?.phone ?? '',
    lang: u?.lang ?? me.company?.lang ?? 'en', timezone: u?.timezone ?? me.company?.timezone ?? 'UTC', role: u?.role ?? (staff ? 'operator' : 'customerUser'), customer: u?.customer ?? '',
    enabled: !u?.disabled, web: u?.web ?? true, ios: u?.ios ?? true, android: u?.android ?? true, commands: u?.commands ?? false,
    location: u?.location ?? null, country: u?.country ?? '', city: u?.city ?? '', zip: u?.zip ?? '', address: u?.address ?? '', addressReference: u?.addressReference ?? '', lat: u?.lat ?? '', lon: u?.lon ?? '',
    extra: u?.extra ?? {}, modules: u?.modules ?? [], groups: u?.groups.map((g) => g.id) ?? [], activation: { method: 'email', password: '' },
  };
}

export function personInput(v: PersonValues, stored?: User): Schemas['UserInput'] {
  const { activation, enabled, extra, location, modules, groups: _, ...rest } = v;
  const own = {
    ...rest, name: undefined, disabled: !enabled, role: rest.role as User['role'], lang: rest.lang as User['lang'], extra: extraOf(extra), location: location ?? undefined,
    lat: rest.lat === '' ? undefined : rest.lat, lon: rest.lon === '' ? undefined : rest.lon,
  };
  return stored ? userInput(stored, stored.customer ? { ...own, modules: modules as UserModules } : own) : clean({ ...own, activation: activationOf(activation) });
}
