// Who is signed in, where they work, and what they may do there.
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from './client';
import { enter, keep, stored } from './workplace';

export type Workplace = Schemas['Workplace'];
export type Me = Schemas['Me'] & {
  /** How they work in me.company: at home, over all companies, or tied to it. */
  as: Workplace['as'];
};

/** elsewhere is the company that was chosen, if it can still be worked in. */
async function elsewhere(me: Schemas['Me']): Promise<Workplace | undefined> {
  const chosen = stored(me.user.id);
  if (!chosen || chosen.company === me.user.company) return undefined;
  const { data } = await http.GET('/api/v1/workplaces', { params: { query: { search: chosen.name.slice(0, 120), limit: 1000 } } });
  const place = data!.items.find((w) => w.company.id === chosen.company);
  if (!place) keep(undefined);
  return place;
}

export const meQuery = {
  queryKey: ['me'],
  queryFn: async (): Promise<Me> => {
    const me = (await http.GET('/api/v1/me')).data!;
    const platform = me.user.role === 'platformAdmin';
    const place = me.user.customer ? undefined : await elsewhere(me);
    const visit = place?.as === 'view' || place?.as === 'work';
    enter(place?.company.id, visit);
    if (!place) return { ...me, as: platform ? 'all' : 'home' };
    return { ...me, as: place.as, company: place.company, may: place.may, home: visit ? undefined : me.home, user: { ...me.user, company: place.company.id, role: visit ? 'operator' : me.user.role } };
  },
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

/** workIn goes to another company, or home; all that was loaded is forgotten. */
export function workIn(me: Me, company?: Schemas['Company']): void {
  keep(company && { user: me.user.id, company: company.id, name: company.name });
  location.assign('/');
}

/** signOut ends the session; loading the sign-in page anew forgets all that was loaded. */
export async function signOut(): Promise<void> {
  keep(undefined);
  await http.POST('/api/v1/logout').catch(() => {});
  location.assign('/login');
}
