// A ticket, and what can be done to it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { clean } from '@/parts/clean';

export type Ticket = Schemas['Ticket'];
export type Status = NonNullable<Ticket['status']>;

/** useTicket reads a ticket again and again while it is looked at: the other side may answer. */
export function useTicket(id: string) {
  return useQuery({
    queryKey: ['tickets', 'one', id], refetchInterval: 10_000,
    queryFn: async () => (await http.GET('/api/v1/tickets/{id}', { params: { path: { id } } })).data!,
  });
}

export function useTicketTools(ticket: Ticket) {
  const client = useQueryClient();
  const path = { id: ticket.id };
  const changed = () => client.invalidateQueries({ queryKey: ['tickets'] });
  return {
    answer: async (text: string, status?: Status) => {
      await http.POST('/api/v1/tickets/{id}/answers', { params: { path }, body: clean({ text, status }) });
      await changed();
    },
    /** change sets who answers, or the state; the rest of the ticket is sent as it stands. */
    change: async (to: Partial<Pick<Ticket, 'assignee' | 'status'>>) => {
      const { data } = await http.GET('/api/v1/tickets/{id}', { params: { path } });
      const { id: _, company: _c, created: _r, updated: _u, author: _a, authorName: _n, group: _g, ...rest } = data!;
      await http.PUT('/api/v1/tickets/{id}', { params: { path }, body: clean({ ...rest, ...to, $schema: undefined }) as unknown as Ticket });
      await changed();
    },
  };
}

/** useStaff are the people of the company, to choose who answers. */
export function useStaff(company: string | undefined, enabled: boolean) {
  return useQuery({
    queryKey: ['users', 'staff', company], enabled: enabled && Boolean(company), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/users', { params: { query: { owner: company, limit: 1000 } } })).data!.items.filter((u) => !u.customer && !u.disabled),
  }).data ?? [];
}

/** useTopics are the categories that somebody answers for, where one may see them. */
export function useTopics(): string[] {
  const can = useCan();
  return useQuery({
    queryKey: ['support-routes', 'topics'], enabled: can('supportRoute.read'), staleTime: 60_000,
    queryFn: async () => (await http.GET('/api/v1/support-routes', { params: { query: { limit: 1000 } } })).data!.items.map((r) => r.category),
  }).data ?? [];
}
