// A PUT replaces the whole of a thing. These make what it takes from what a GET
// gave, with a few changes. A field that the API gains does not compile until
// it is named here, so that no page drops what another one set.
import type { Schemas } from './client';
import { clean } from '@/parts/clean';

type Known<T> = Record<Exclude<keyof T, '$schema' | 'version'>, true>;

function whole<In extends object>(known: object, stored: object, change: Partial<In>): In {
  const from = stored as Record<string, unknown>;
  const kept = Object.fromEntries(Object.keys(known).map((k) => [k, from[k]]));
  return clean({ ...kept, version: from.version, ...change } as In);
}

type UserIn = Schemas['UserInput'];
const user: Known<Omit<UserIn, 'activation'>> = {
  address: true, addressReference: true, android: true, city: true, commands: true, company: true, country: true, customer: true, devices: true, disabled: true, email: true, extra: true, firstName: true, ios: true, lang: true, lastName: true,
  lat: true, location: true, lon: true, modules: true, name: true, phone: true, quiet: true, role: true, state: true, timezone: true, username: true, web: true, zip: true,
};

/** userInput: of a stored user, who keeps assigned devices only as a customerUser. */
export function userInput(u: Schemas['User'], change: Partial<UserIn> = {}): UserIn {
  const out = whole<UserIn>(user, u, change);
  if ((change.role ?? u.role) !== 'customerUser') delete out.devices;
  return out;
}

type DeviceIn = Schemas['DeviceInput'];
const device: Known<DeviceIn> = {
  clockOffset: true, company: true, customer: true, disabled: true, extra: true, labels: true, model: true, name: true, offlineAfter: true, phone: true, plate: true, speedLimit: true, type: true, uniqueId: true,
};

export const deviceInput = (d: Schemas['Device'], change: Partial<DeviceIn> = {}): DeviceIn => whole(device, d, change);
