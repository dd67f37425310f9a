// Who is signed in, and what they may do.
import { useQuery } from '@tanstack/react-query';
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

/** signOut ends the session; loading the sign-in page anew forgets all that was loaded. */
export async function signOut(): Promise<void> {
  await http.POST('/api/v1/logout').catch(() => {});
  location.assign('/login');
}
