// Connections, how they stand, and what a form makes of them.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';
import { clean } from '@/parts/clean';

export type Connection = Schemas['Connection'];
export type Template = Schemas['ConnectionTemplate'];

/** useConnection follows a connection: every second while it is busy, else every few. */
export function useConnection(id: string) {
  return useQuery({
    queryKey: ['connections', 'one', id],
    queryFn: async () => (await http.GET('/api/v1/connections/{id}', { params: { path: { id } } })).data!,
    refetchInterval: (q) => (['connecting', 'discovering', 'synchronising'].includes(q.state.data?.status?.state ?? '') ? 700 : 3000),
  });
}

export function useTemplates(): Template[] {
  const can = useCan();
  return useQuery({
    queryKey: ['connection-templates', 'choices'], enabled: can('connectionTemplate.read'), staleTime: 30_000,
    queryFn: async () => (await http.GET('/api/v1/connection-templates', { params: { query: { limit: 1000 } } })).data!.items,
  }).data ?? [];
}

/** What the form of a connection or a template holds. */
export interface Values {
  name: string; template: string; enabled: boolean; autoProvision: boolean; isDefault: boolean;
  url: string; user: string; password: string; format: string; topics: string[]; deviceLevel: number | ''; subLevel: number | ''; clientId: string; ca: string; private: boolean;
}

export const emptyValues: Values = {
  name: '', template: '', enabled: false, autoProvision: false, isDefault: false, url: '', user: '', password: '', format: '', topics: [], deviceLevel: '', subLevel: '', clientId: '', ca: '', private: false,
};

export function valuesOf(c: Partial<Connection & Template>): Values {
  const out = { ...emptyValues } as Record<string, unknown>;
  for (const key of Object.keys(emptyValues)) {
    const stored = (c as Record<string, unknown>)[key];
    if (key !== 'password' && stored !== undefined && stored !== null) out[key] = stored;
  }
  return out as unknown as Values;
}

const shared = (v: Values) => ({
  name: v.name.trim(), url: v.url.trim(), user: v.user, format: v.format, topics: v.topics.length ? v.topics : undefined,
  deviceLevel: v.deviceLevel, subLevel: v.subLevel, ca: v.ca, private: v.private || undefined,
});

/** connectionInput is what the API takes; a password that was not typed stays. */
export const connectionInput = (v: Values, more: Partial<Connection> = {}): Connection =>
  clean({ ...shared(v), template: v.template, enabled: v.enabled, autoProvision: v.autoProvision, clientId: v.clientId, password: v.password, ...more }) as unknown as Connection;

export const templateInput = (v: Values, more: Partial<Template> = {}): Template => clean({ ...shared(v), isDefault: v.isDefault, ...more }) as unknown as Template;

/** useTools are what can be done to a connection. */
export function useTools() {
  const client = useQueryClient();
  const changed = () => Promise.all([client.invalidateQueries({ queryKey: ['connections'] }), client.invalidateQueries({ queryKey: ['customers'] }), client.invalidateQueries({ queryKey: ['devices'] })]);
  return {
    changed,
    enable: async (c: Connection, on: boolean) => {
      await http.PUT('/api/v1/connections/{id}', { params: { path: { id: c.id } }, body: connectionInput(valuesOf(c), { enabled: on, version: c.version }) });
      await changed();
    },
    resync: async (c: Connection) => {
      await http.POST('/api/v1/connections/{id}/sync', { params: { path: { id: c.id } } });
      await changed();
    },
    remove: (c: Connection) => http.DELETE('/api/v1/connections/{id}', { params: { path: { id: c.id }, query: { version: c.version } } }),
  };
}
