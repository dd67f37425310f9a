/** A level of a topic and what it says. */
export interface Level { text: string; is?: 'device' | 'sub' }

/** The levels that a format reads where a connection says nothing: vigia/<device>/position, owntracks/<user>/<device>. */
const usual: Record<string, { device: number; sub: number }> = { vigiajson: { device: 2, sub: 0 }, owntracks: { device: 3, sub: 0 } };

/** levelsOf takes a topic apart the way a connection reads it; levels count from 1. */
export function levelsOf(topic: string, format: string, deviceLevel: number | '' | undefined, subLevel: number | '' | undefined): Level[] {
  const known = usual[format || 'vigiajson']!;
  const device = deviceLevel || known.device, sub = subLevel || known.sub;
  return topic.split('/').map((text, i) => ({ text, ...(i + 1 === device ? { is: 'device' as const } : i + 1 === sub ? { is: 'sub' as const } : {}) }));
}
