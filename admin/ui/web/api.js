// The REST API, as these pages use it: the session cookie signs every request.

export class Problem extends Error {
  constructor(body, status) {
    super(body.detail || body.title || 'HTTP ' + status);
    this.body = body;
    this.status = status;
  }
}

export async function call(method, path, body) {
  const res = await fetch('/api/v1' + path, {
    method, credentials: 'same-origin',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (res.status === 204) return null;
  const answer = await res.json().catch(() => ({}));
  if (!res.ok) throw new Problem(answer, res.status);
  return answer;
}

// all reads every page of a list, up to a bound.
export async function all(path, most = 20000) {
  const items = [];
  let after = '';
  do {
    const page = await call('GET', `${path}?limit=1000${after && '&after=' + encodeURIComponent(after)}`);
    items.push(...page.items);
    after = page.next || '';
  } while (after && items.length < most);
  return items;
}
