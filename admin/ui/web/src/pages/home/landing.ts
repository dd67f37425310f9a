import type { Schemas } from '@/api/client';

/** landing is where a customer's user begins: on the map if every device it sees is one that only tells where it is. */
export function landing(customer: string | undefined, devices: Pick<Schemas['Device'], 'type'>[], types: Pick<Schemas['DeviceType'], 'id' | 'positioningOnly'>[], mayWatch: boolean): string {
  const only = new Set(types.filter((t) => t.positioningOnly).map((t) => t.id));
  if (mayWatch && devices.length && devices.every((d) => d.type && only.has(d.type))) return '/map';
  return customer ? `/customers/${customer}` : '/map';
}
