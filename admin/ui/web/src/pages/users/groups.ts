// Which groups somebody is in, and putting them into others: a group lists its
// people, so that each group that changes is stored.
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';

export type Label = Schemas['Label'];

/** groupsFor are the groups for customers' people or for staff. */
export function useGroups(of: 'user' | 'operator', enabled = true) {
  return useQuery({
    queryKey: ['labels', 'people', of], enabled,
    queryFn: async () => (await http.GET('/api/v1/labels', { params: { query: { limit: 1000 } } })).data!.items.filter((l) => l.of === of),
  });
}

export const added = (before: string[], after: string[]) => after.filter((id) => !before.includes(id));
export const sameSet = (a: string[], b: string[]) => a.length === b.length && added(a, b).length === 0;

/** regroup stores the groups that somebody joins or leaves; tie answers what joining a group linked with other companies asks. */
export async function regroup(user: string, groups: Label[], before: string[], after: string[], tie: boolean): Promise<void> {
  for (const g of groups) {
    const has = before.includes(g.id!), wants = after.includes(g.id!);
    if (has === wants) continue;
    const users = wants ? [...(g.users ?? []), user] : (g.users ?? []).filter((id) => id !== user);
    await http.PUT('/api/v1/labels/{id}', { params: { path: { id: g.id! } }, body: { ...g, users, ...(wants && g.linkedCompanies?.length ? { confirm: tie } : {}) } });
  }
}
