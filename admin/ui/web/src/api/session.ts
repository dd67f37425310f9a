// Who is signed in, and what they may do.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from './client';

export type Me = Schemas['Me'];

export const meQuery = {
  queryKey: ['me'],
  queryFn: async () => (await http.GET('/api/v1/me')).data!,
  staleTime: 60_000,
};

/** useMe is for pages behind the shell, which has loaded it. */
export function useMe(): Me {
  return useQuery(meQuery).data!;
}

/** useCan tells whether the caller may: can('customer.create'). */
export function useCan(): (permission: string) => boolean {
  const me = useMe();
  return (permission) => Boolean(me.may[permission]);
}

/** useSignOut ends the session and forgets everything that was loaded. */
export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    await http.POST('/api/v1/logout').catch(() => {});
    client.clear();
    location.assign('/login');
  };
}
