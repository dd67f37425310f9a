import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { clean } from '@/parts/clean';

export type User = Schemas['User'];

/** useCustomerUsers are the users of a customer: to count assignments and to name people. */
export function useCustomerUsers(customer: string) {
  const can = useCan();
  return useQuery({
    queryKey: ['users', 'all', customer], enabled: can('user.create') || can('user.read'), staleTime: 30_000,
    queryFn: async () => (await http.GET('/api/v1/users', { params: { query: { owner: customer, limit: 1000 } } })).data!.items,
  }).data;
}

/** userInput is a stored user as a PUT takes it: whole, with a few changes. */
export function userInput(u: User, change: Partial<Schemas['UserInput']>): Schemas['UserInput'] {
  const out = {
    company: u.company, customer: u.customer, email: u.email, name: u.name, firstName: u.firstName, lastName: u.lastName, phone: u.phone, lang: u.lang, timezone: u.timezone, role: u.role,
    disabled: u.disabled, modules: u.modules, devices: u.devices, username: u.username, web: u.web, ios: u.ios, android: u.android, commands: u.commands, version: u.version, ...change,
  };
  return clean(out);
}
