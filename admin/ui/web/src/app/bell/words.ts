import { texts } from '@/i18n';

export const bellWords = texts({
  bell: ['{n} open {n|alarm|alarms}', '{n} {n|alarma abierta|alarmas abiertas}', '{n} {n|alarme aberto|alarmes abertos}', '{n} {n|alarme ouverte|alarmes ouvertes}'],
  alarmsTitle: ['Wants attention', 'Requiere atención', 'Requer atenção', 'À traiter'],
  allAlarms: ['Open the alarms', 'Abrir las alarmas', 'Abrir os alarmes', 'Ouvrir les alarmes'],
  calm: ['Nothing wants attention.', 'Nada requiere atención.', 'Nada requer atenção.', 'Rien à traiter.'],
  sound: ['Alarm sound', 'Sonido de alarma', 'Som de alarme', 'Son d’alarme'],
  soundHint: ['It sounds until somebody takes or acknowledges an alarm.', 'Suena hasta que alguien tome o reconozca la alarma.', 'Toca até que alguém assuma ou reconheça o alarme.', 'Il sonne jusqu’à ce que quelqu’un prenne ou acquitte l’alarme.'],
  blocked: ['The browser blocks the alarm sound until you click on this page.', 'El navegador bloquea el sonido de alarma hasta que haga clic en esta página.', 'O navegador bloqueia o som de alarme até você clicar nesta página.', 'Le navigateur bloque le son d’alarme tant que vous n’avez pas cliqué sur cette page.'],
  allow: ['Allow sound', 'Permitir sonido', 'Permitir som', 'Autoriser le son'],
});
