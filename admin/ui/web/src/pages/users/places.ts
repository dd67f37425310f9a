// Where a search on a map may lead: to coordinates that were typed, or to a
// place that somebody named.
export interface Place { name: string; lat: number; lon: number }

/** coordinates reads "4.65, -74.09", latitude first as people write it; undefined for anything else. */
export function coordinates(text: string): Place | undefined {
  const m = /^\s*(-?\d{1,2}(?:[.,]\d+)?)\s*[;,\s]\s*(-?\d{1,3}(?:[.,]\d+)?)\s*$/.exec(text);
  if (!m) return undefined;
  const [lat, lon] = [m[1]!, m[2]!].map((s) => Number(s.replace(',', '.'))) as [number, number];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { name: `${lat}, ${lon}`, lat, lon } : undefined;
}

/** seven rounds to what the API keeps: about a centimetre. */
export const seven = (v: number) => Math.round(v * 1e7) / 1e7;
