// The typed client of the REST API. Its types are made from the OpenAPI
// document of the server by `make ui`; the session cookie signs requests.
import createFetch, { type Middleware } from 'openapi-fetch';
import createQuery from 'openapi-react-query';
import type { components, paths } from './schema';
import { companyFor } from './workplace';

export type Schemas = components['schemas'];
export type ProblemBody = Schemas['Problem'];

/** What the server answers when it cannot do what was asked (RFC 9457). */
export class Problem extends Error {
  constructor(readonly body: Partial<ProblemBody> & Record<string, unknown>, readonly status: number) {
    super(body.detail || body.title || `HTTP ${status}`);
  }

  /** The kind of problem: what stands behind # in its type. */
  get code(): string {
    return (this.body.type ?? '').split('#').pop() ?? '';
  }
}

export const isProblem = (err: unknown, status?: number): err is Problem =>
  err instanceof Problem && (status === undefined || err.status === status);

let language = 'en';
/** speak sets the language that the server answers in. */
export const speak = (lang: string) => { language = lang; };

const worded: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language);
    const at = request.headers.get('Vigia-Company') ?? companyFor(new URL(request.url).pathname);
    if (at) request.headers.set('Vigia-Company', at);
    else request.headers.delete('Vigia-Company');
  },
  async onResponse({ response }) {
    if (response.ok) return;
    const body = await response.clone().json().catch(() => ({ title: response.statusText }));
    throw new Problem(body, response.status);
  },
};

export const http = createFetch<paths>({ baseUrl: '/', credentials: 'same-origin', querySerializer: { array: { style: 'form', explode: false } } });
http.use(worded);

/** Hooks over the client: api.useQuery('get', '/api/v1/customers', …). */
export const api = createQuery(http);

/** call is for the few requests that are no typed operation: files. */
export async function call(method: string, path: string, body?: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
  const at = companyFor(path);
  const res = await fetch(path, { method, body, headers: { 'Accept-Language': language, ...(at && { 'Vigia-Company': at }), ...headers }, credentials: 'same-origin' });
  if (res.ok) return res;
  throw new Problem(await res.json().catch(() => ({ title: res.statusText })), res.status);
}
