import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';

export type User = Schemas['User'];

/** useCustomerUsers are the users of a customer: to count assignments and to name people. */
export function useCustomerUsers(customer: string) {
  const can = useCan();
  return useQuery({
    queryKey: ['users', 'all', customer], enabled: can('user.create') || can('user.read'), staleTime: 30_000,
    queryFn: async () => (await http.GET('/api/v1/users', { params: { query: { owner: customer, limit: 1000 } } })).data!.items,
  }).data;
}
