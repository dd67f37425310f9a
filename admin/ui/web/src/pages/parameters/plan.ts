// A plan in its form and back: what is empty there is absent, prices are
// written in the currency's unit and kept in hundredths.
import type { Schemas } from '@/api/client';

type Plan = Schemas['Plan'];
type Figure = number | string;

export const limitKeys = ['devices', 'users', 'innerCustomers', 'geofences', 'rules', 'shareLinks', 'smsPerMonth'] as const;
export const priceKeys = ['base', 'device', 'sms'] as const;
type Limit = (typeof limitKeys)[number];
type Price = (typeof priceKeys)[number];

export function valuesOf(p: Plan | undefined, owner: string) {
  return {
    name: p?.name ?? '', owner: p?.owner ?? owner, note: p?.note ?? '', trialDays: (p?.trialDays || '') as Figure,
    lockedOnceAssigned: p?.lockedOnceAssigned ?? false, closed: p?.closed ?? false,
    modules: p?.modules ?? [] as string[], regions: p?.regions ?? [] as string[], connections: p?.connections ?? [] as string[],
    limits: Object.fromEntries(limitKeys.map((k) => [k, p?.limits?.[k] || ''])) as Record<Limit, Figure>,
    prices: { currency: p?.prices?.currency ?? '', ...Object.fromEntries(priceKeys.map((k) => [k, p?.prices?.[k] ? p.prices[k] / 100 : ''])) as Record<Price, Figure> },
  };
}

export function bodyOf(v: ReturnType<typeof valuesOf>, old?: Plan): Record<string, unknown> {
  const some = (pairs: [string, unknown][]) => Object.fromEntries(pairs.filter(([, x]) => x));
  return {
    name: v.name.trim(), note: v.note.trim() || undefined, trialDays: Number(v.trialDays) || 0, lockedOnceAssigned: v.lockedOnceAssigned, closed: v.closed,
    modules: v.modules, regions: v.regions, connections: v.connections,
    limits: some(limitKeys.map((k) => [k, Number(v.limits[k])])),
    prices: some([['currency', v.prices.currency], ...priceKeys.map((k): [string, unknown] => [k, Math.round(Number(v.prices[k]) * 100)])]),
    ...(!old?.id && v.owner && { owner: v.owner }),
  };
}
