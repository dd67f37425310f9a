// How grave what wants attention is, and how it is worded.
import { texts, useT } from '@/i18n';
import { useAlarmName } from './alarmnames';
import { eventWords, tell } from './tell';
import { isAlarm, isOpen, isUnseen, type Alarm } from './world';

export type Severity = 'critical' | 'major' | 'minor';

export const severityOf = (a: Pick<Alarm, 'critical' | 'kind' | 'undelivered'>): Severity => (a.critical ? 'critical' : a.kind === 'alarm' || a.kind === 'overspeed' ? 'major' : 'minor');
export const toneOfSeverity: Record<Severity, string> = { critical: 'red', major: 'orange', minor: 'yellow' };

const WEIGHT: Record<Severity, number> = { critical: 0, major: 1, minor: 2 };
/** The gravest first, of the same gravity the oldest; what is closed last, the newest first. */
export function byUrgency(a: Alarm, b: Alarm): number {
  if (isOpen(a) !== isOpen(b)) return isOpen(a) ? -1 : 1;
  if (!isOpen(a)) return (b.closed ?? '').localeCompare(a.closed ?? '');
  return WEIGHT[severityOf(a)] - WEIGHT[severityOf(b)] || a.opened.localeCompare(b.opened);
}

/** How urgently the bell rings: for alarms that nobody has taken or acknowledged. */
export function ringing(alarms: Iterable<Alarm>): Severity | undefined {
  let worst: Severity | undefined;
  for (const a of alarms) {
    if (!isOpen(a) || !isUnseen(a) || a.assignee || !isAlarm(a)) continue;
    if (severityOf(a) === 'critical') return 'critical';
    worst = 'major';
  }
  return worst;
}

export const attentionWords = texts({
  critical: ['Critical', 'Crítica', 'Crítico', 'Critique'],
  major: ['Major', 'Mayor', 'Maior', 'Majeure'],
  minor: ['Minor', 'Menor', 'Menor', 'Mineure'],
  active_unack: ['Active, unacknowledged', 'Activa sin reconocer', 'Ativo não reconhecido', 'Active non acquittée'],
  active_ack: ['Active, acknowledged', 'Activa reconocida', 'Ativo reconhecido', 'Active acquittée'],
  cleared_unack: ['Cleared, unacknowledged', 'Despejada sin reconocer', 'Normalizado não reconhecido', 'Terminée non acquittée'],
  cleared_ack: ['Cleared, acknowledged', 'Despejada reconocida', 'Normalizado reconhecido', 'Terminée acquittée'],
  closed: ['Closed', 'Cerrada', 'Encerrado', 'Close'],
  undelivered: ['Nobody could be told: {what}', 'No se pudo avisar a nadie: {what}', 'Ninguém pôde ser avisado: {what}', 'Personne n’a pu être prévenu : {what}'],
});

/** useWhat words an alarm: "SOS", "left Depot". */
export function useWhat(): (a: Alarm, fence: string) => string {
  const t = useT(attentionWords), te = useT(eventWords), name = useAlarmName();
  return (a, fence) => {
    const where = fence || te('aFence');
    let what: string;
    if (a.kind === 'alarm') what = name(a.alarm) || te('alarm', { alarm: '' });
    // How long, or how fast, the list does not say.
    else if (a.kind === 'dwell') what = te('overstay', { fence: where });
    else if (a.kind === 'absent') what = te('exit', { fence: where });
    else what = te(...tell(a, where));
    what = what.charAt(0).toUpperCase() + what.slice(1);
    return a.undelivered ? t('undelivered', { what }) : what;
  };
}
