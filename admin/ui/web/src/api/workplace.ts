// The company that somebody works in, where that is not their own: requests
// name it in a header. It is chosen for all tabs of the browser and holds from
// the next load of the page, so that nothing of two companies is ever mixed.
const KEY = 'workplace';

interface Chosen { user: string; company: string; name: string }

let current: string | undefined;
/** Tied to it: what is shown there is another company's, and images are not. */
export let visiting = false;

export function stored(user: string): Chosen | undefined {
  try {
    const c = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Chosen | null;
    return c && c.user === user && c.company ? c : undefined;
  } catch {
    return undefined;
  }
}

export function keep(chosen: Chosen | undefined): void {
  if (chosen) localStorage.setItem(KEY, JSON.stringify(chosen));
  else localStorage.removeItem(KEY);
}

/** enter makes requests name a company from now on; undefined: none. */
export function enter(company: string | undefined, visit: boolean): void {
  current = company;
  visiting = visit;
}

// What is a person's own is asked for at home.
const own = /^\/api\/v1\/(me|workplaces|tokens|push|jobs|login|logout|activate|setup|password-rules|shared)(\/|$|\?)/;

/** companyFor is the company that a request for a path names; '' = none. */
export const companyFor = (path: string): string => (current && !own.test(path) ? current : '');

/** For the few requests that look beyond the company that was chosen. */
export const everywhere = { headers: { 'Vigia-Company': '' } };
