import { Text, Tooltip } from '@mantine/core';
import { useNow } from './useNow';
import { useLang } from '@/i18n';

const steps: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86400e3], ['hour', 3600e3], ['minute', 60e3], ['second', 1e3]];

/** ago words how long since, as "5 minutes ago". */
export function ago(ms: number, lang: string, now: number): string {
  // The clock ticks in steps, and others' clocks differ a little: that is no future.
  const gap = ms > now && ms - now < 10e3 ? 0 : ms - now;
  const [unit, size] = steps.find(([, s]) => Math.abs(gap) >= s) ?? ['second', 1e3];
  return new Intl.RelativeTimeFormat(lang, { numeric: 'auto', style: 'short' }).format(Math.round(gap / size!), unit!);
}

/** A moment, as how long ago it was; the whole of it in the tooltip. */
export function Ago({ time, empty = '–' }: { time?: string; empty?: string }) {
  const { lang } = useLang();
  const now = useNow();
  if (!time) return <Text span c="dimmed" size="sm">{empty}</Text>;
  const ms = Date.parse(time);
  return <Tooltip label={new Date(ms).toLocaleString(lang, { dateStyle: 'full', timeStyle: 'medium' })}><Text span size="sm" className="tabular">{ago(ms, lang, now)}</Text></Tooltip>;
}

/** A moment in the reader's own calendar. */
export function When({ time }: { time?: string }) {
  const { lang } = useLang();
  if (!time) return <Text span c="dimmed" size="sm">–</Text>;
  const at = new Date(time); // on a narrow screen it breaks between day and hour, nowhere else
  return <Text span size="sm" className="tabular"><span style={{ whiteSpace: 'nowrap' }}>{at.toLocaleDateString(lang, { dateStyle: 'medium' })}</span>, <span style={{ whiteSpace: 'nowrap' }}>{at.toLocaleTimeString(lang, { timeStyle: 'medium' })}</span></Text>;
}
