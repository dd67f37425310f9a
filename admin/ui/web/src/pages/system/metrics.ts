// What the server counts, out of its Prometheus text.

export interface Sample { name: string; labels: Record<string, string>; value: number }

/** parse reads the samples of a Prometheus text; lines that are none are left out. */
export function parse(text: string): Sample[] {
  const out: Sample[] = [];
  for (const line of text.split('\n')) {
    const m = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (!m || Number.isNaN(Number(m[3]))) continue;
    const labels: Record<string, string> = {};
    for (const [, key, value] of (m[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[key!] = value!;
    out.push({ name: m[1]!, labels, value: Number(m[3]) });
  }
  return out;
}

/** sum adds up the samples of a name, those that carry the labels. */
export const sum = (all: Sample[], name: string, labels: Record<string, string> = {}) =>
  all.filter((s) => s.name === name && Object.entries(labels).every(([k, v]) => s.labels[k] === v)).reduce((n, s) => n + s.value, 0);

/** quantile is the value below which a share q of a histogram's observations lie, to the width of its buckets. */
export function quantile(all: Sample[], name: string, q: number): number | undefined {
  const buckets = all.filter((s) => s.name === `${name}_bucket` && s.labels.vmrange && s.value > 0)
    .map((s) => ({ upper: Number(s.labels.vmrange!.split('...')[1]), n: s.value })).sort((a, b) => a.upper - b.upper);
  const total = buckets.reduce((n, b) => n + b.n, 0);
  let seen = 0;
  for (const b of buckets) if ((seen += b.n) >= q * total) return b.upper;
  return undefined;
}

/** rates are how much each protocol took in per second between two looks. */
export function rates(before: Sample[], now: Sample[], seconds: number): { proto: string; perSecond: number; open: number }[] {
  const protos = [...new Set(now.filter((s) => s.name === 'vigia_ingest_frames_total').map((s) => s.labels.proto!))].sort();
  return protos.map((proto) => ({
    proto, open: sum(now, 'vigia_ingest_connections', { proto }),
    perSecond: seconds > 0 ? Math.max(0, sum(now, 'vigia_ingest_frames_total', { proto }) - sum(before, 'vigia_ingest_frames_total', { proto })) / seconds : 0,
  }));
}
