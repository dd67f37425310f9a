// The plain records that a company sets up are all read and written alike.
import { useQueryClient } from '@tanstack/react-query';
import { http } from '@/api/client';
import { useCan } from '@/api/session';

type Plain = '/api/v1/calendars'; // stands for each of them: they differ in their fields alone

export interface Head { id: string; version?: number; owner?: string; builtIn?: boolean; created: string; updated: string; company: string }

export interface Book<R extends Head> {
  /** The list's address and the key of its queries: calendars, event-plans. */
  path: string;
  /** What permissions call it: calendar. */
  object: string;
  _?: R;
}

/** What a write takes of a stored record: without what the server alone decides. */
export function inputOf<R extends Head>(r: R): Record<string, unknown> {
  const { id: _id, company: _company, created: _created, updated: _updated, builtIn: _builtIn, ...rest } = r as R & Record<string, unknown>;
  return rest;
}

export function useBook<R extends Head>({ path, object }: Book<R>) {
  const client = useQueryClient();
  const can = useCan();
  const at = `/api/v1/${path}`;
  const done = () => client.invalidateQueries({ queryKey: [path] });
  return {
    mayAdd: can(`${object}.create`), mayEdit: can(`${object}.update`), mayDelete: can(`${object}.delete`),
    list: async (query: object) => (await http.GET(at as Plain, { params: { query } })).data as unknown as { items: R[]; next?: string },
    save: async (old: R | undefined, values: object) => {
      const kept = old ? inputOf(old) : {};
      const body = Object.fromEntries(Object.entries({ ...kept, ...values }).filter(([, v]) => v !== '' && v !== null && v !== undefined));
      const { data } = old ? await http.PUT(`${at}/{id}` as `${Plain}/{id}`, { params: { path: { id: old.id } }, body: body as never }) : await http.POST(at as Plain, { body: body as never });
      await done();
      return data as unknown as R;
    },
    remove: async (r: R) => {
      await http.DELETE(`${at}/{id}` as `${Plain}/{id}`, { params: { path: { id: r.id }, query: { version: r.version } } });
      await done();
    },
  };
}
