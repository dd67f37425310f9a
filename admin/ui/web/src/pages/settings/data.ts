// The company of the signed-in person, and what changes it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useMe } from '@/api/session';

export type Company = Schemas['Company'];

export function useCompany() {
  const me = useMe();
  return useQuery({ queryKey: ['company', me.company?.id], enabled: Boolean(me.company), queryFn: async () => (await http.GET('/api/v1/companies/{id}', { params: { path: { id: me.company!.id } } })).data! });
}

/** useChangeCompany changes some of a company; the rest stays. */
export function useChangeCompany() {
  const client = useQueryClient();
  return async (c: Company, change: Partial<Schemas['CompanyInput']>) => {
    const body = { name: c.name, lang: c.lang, timezone: c.timezone, version: c.version, ...change };
    const { data } = await http.PUT('/api/v1/companies/{id}', { params: { path: { id: c.id } }, body });
    client.setQueryData(['company', c.id], data);
    for (const key of ['me', 'password-rules', 'companies']) void client.invalidateQueries({ queryKey: [key] });
  };
}
