// What happened, in words: "left Depot", "entered Harbour".
import { texts, useLang, useT } from '@/i18n';
import { useAlarmName } from './alarmnames';
import type { Alarm, Event } from './world';

export const eventWords = texts({
  enter: ['entered {fence}', 'ingresó a {fence}', 'entrou em {fence}', 'est entré dans {fence}'],
  exit: ['left {fence}', 'salió de {fence}', 'saiu de {fence}', 'est sorti de {fence}'],
  alarm: ['alarm: {alarm}', 'alarma: {alarm}', 'alarme: {alarm}', 'alarme : {alarm}'],
  dwell: ['{for} in {fence}', '{for} en {fence}', '{for} em {fence}', '{for} dans {fence}'],
  overstay: ['stayed too long in {fence}', 'permaneció demasiado en {fence}', 'ficou tempo demais em {fence}', 'est resté trop longtemps dans {fence}'],
  absent: ['{for} away from {fence}', '{for} fuera de {fence}', '{for} fora de {fence}', '{for} hors de {fence}'],
  overspeed: ['drove faster than {limit} km/h', 'superó los {limit} km/h', 'passou de {limit} km/h', 'a dépassé {limit} km/h'],
  moving: ['began to move', 'empezó a moverse', 'começou a se mover', 's’est mis en mouvement'],
  stopped: ['stopped', 'se detuvo', 'parou', 's’est arrêté'],
  offline: ['disconnected', 'se desconectó', 'desconectou', 's’est déconnecté'],
  online: ['connected', 'se conectó', 'conectou', 's’est connecté'],
  correction: ['a late report corrected an event', 'un reporte tardío corrigió un evento', 'um relato tardio corrigiu um evento', 'un message tardif a corrigé un événement'],
  near: ['{km} km {wind} of {town}', 'a {km} km al {wind} de {town}', 'a {km} km ao {wind} de {town}', 'à {km} km {wind} de {town}'],
  nearIn: ['in {town}', 'en {town}', 'em {town}', 'à {town}'],
  aFence: ['a geofence', 'una geocerca', 'uma cerca', 'une zone'],
  retracted: ['withdrawn', 'retirado', 'retirado', 'retiré'],
});

export type EventKind = Event['kind'];

/** The words of an event: a key of eventWords and its gaps. */
export function tell(e: Pick<Event, 'kind' | 'fence' | 'alarm' | 'limit' | 'seconds' | 'near'> | Pick<Alarm, 'kind' | 'fence' | 'alarm'>, fence: string): [EventKind, Record<string, string | number>] {
  const seconds = 'seconds' in e ? e.seconds : undefined, limit = 'limit' in e ? e.limit : undefined;
  return [e.kind, { fence, alarm: e.alarm ?? '', limit: limit === undefined ? '' : Math.round(limit), for: span(seconds ?? 0) }];
}

/** useTell words an event whole, the tracker's own alarms by their names too. */
export function useTell(): (e: Parameters<typeof tell>[0], fence: string) => string {
  const t = useT(eventWords), alarm = useAlarmName(), where = useNear();
  return (e, fence) => {
    const [kind, gaps] = tell(e, fence || t('aFence'));
    const said = t(kind, { ...gaps, alarm: alarm(e.alarm) });
    // What happened at no geofence happened somewhere all the same.
    return !e.fence && 'near' in e && e.near ? `${said}, ${where(e.near)}` : said;
  };
}

const WINDS: Record<string, string[]> = { en: ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'], es: ['N', 'NE', 'E', 'SE', 'S', 'SO', 'O', 'NO'], pt: ['N', 'NE', 'L', 'SE', 'S', 'SO', 'O', 'NO'], fr: ['N', 'NE', 'E', 'SE', 'S', 'SO', 'O', 'NO'] };

/** Words where something lies: "3 km N of Valencia". */
export function useNear(): (near: NonNullable<Event['near']>) => string {
  const t = useT(eventWords), { lang } = useLang();
  return ({ km, wind, name }) => (wind ? t('near', { km, wind: WINDS[lang]![WINDS.en!.indexOf(wind)]!, town: name }) : t('nearIn', { town: name }));
}

/** A span of time, short and without words: 45 s, 12 min, 3 h 5 min. */
export function span(seconds: number): string {
  const s = Math.max(0, Math.round(seconds)), m = Math.round(s / 60);
  if (s < 90) return `${s} s`;
  if (m < 90) return `${m} min`;
  return m < 48 * 60 ? `${Math.floor(m / 60)} h${m % 60 ? ` ${m % 60} min` : ''}` : `${Math.round(m / 1440)} d`;
}

/** The colour of what happened, as Mantine names it. */
export const toneOf = (kind: EventKind): string =>
  ({ enter: 'teal', exit: 'orange', alarm: 'red', dwell: 'blue', overstay: 'orange', absent: 'orange', overspeed: 'red', moving: 'green', stopped: 'blue', offline: 'gray', online: 'green', correction: 'gray' })[kind] ?? 'gray';
