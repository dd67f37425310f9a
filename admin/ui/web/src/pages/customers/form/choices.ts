// What can be chosen in a customer's form depends on who fills it in and on
// what is chosen already.
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';
import { useT } from '@/i18n';
import { words } from '../words';
import type { Values } from './values';

const known = ['natural', 'legal', 'government', 'division', 'other'] as const;

/** useKindName words a type of customer; a company's own types are worded by it. */
export function useKindName() {
  const t = useT(words);
  return (kind: string | undefined) => (known.includes((kind || 'natural') as never) ? t((kind || 'natural') as (typeof known)[number]) : kind!);
}

export function useCompany(id: string | undefined) {
  return useQuery({
    queryKey: ['company', id], enabled: Boolean(id), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/companies/{id}', { params: { path: { id: id! } } })).data!,
  }).data;
}

/** usePlans are all plans of what the caller sees, closed ones too: to name a customer's plan. */
export function usePlans(): Schemas['Plan'][] {
  const me = useMe();
  return useQuery({
    queryKey: ['plans', 'all'], enabled: Boolean(me.may['plan.read']), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/plans', { params: { query: { limit: 1000 } } })).data!.items,
  }).data ?? [];
}

export function useChoices(v: Pick<Values, 'company' | 'country' | 'kind'>, stored?: Schemas['Customer']) {
  const me = useMe();
  const kindName = useKindName();
  const company = stored?.company || v.company || me.user.company || '';
  const rich = useCompany(me.may['company.read'] ? company : undefined);
  const all = usePlans();
  const offered = useQuery({
    queryKey: ['plans', 'offered', company, v.country], enabled: Boolean(me.may['plan.read'] && company), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/plans/offered', { params: { query: { owner: company, country: v.country || undefined } } })).data!.items,
  }).data ?? [];
  const companies = useQuery({
    queryKey: ['companies', 'choices'], enabled: me.user.role === 'platformAdmin', staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/companies', { params: { query: { limit: 1000 } } })).data!.items,
  }).data ?? [];
  const kept = all.filter((p) => p.id === stored?.plan && !offered.some((o) => o.id === p.id)); // no longer offered, but what it has
  const kinds = [...new Set([...(rich?.customerKinds ?? known), v.kind])].filter(Boolean);
  return {
    company,
    plans: [...kept, ...offered].map((p) => ({ value: p.id, label: p.name })),
    planOf: (id: string | undefined) => [...all, ...offered].find((p) => p.id === id),
    kinds: kinds.map((k) => ({ value: k, label: kindName(k) })),
    companies: companies.map((c) => ({ value: c.id, label: c.name })),
  };
}

/** useViewChoices are the company's saved views, for what a customer's users see first. */
export function useViewChoices(company: string) {
  const me = useMe();
  const items = useQuery({
    queryKey: ['views', 'choices', company], enabled: Boolean(company && me.may['view.read']), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/views', { params: { query: { owner: company, limit: 1000 } } })).data!.items,
  }).data ?? [];
  return items.filter((v) => v.screen !== 'customers').map((v) => ({ value: v.id, label: v.name }));
}
