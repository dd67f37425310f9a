// The alarms that trackers raise, as notifications word them too.
import { fill, langs, texts, useLang, type Text } from '@/i18n';

export const alarmNames = texts({
  sos: ['SOS', 'SOS', 'SOS', 'SOS'],
  powerCut: ['Power cut', 'Corte de energía', 'Corte de energia', 'Coupure d’alimentation'],
  lowPower: ['Low external power', 'Energía externa baja', 'Energia externa baixa', 'Alimentation externe faible'],
  lowBattery: ['Low battery', 'Batería baja', 'Bateria fraca', 'Batterie faible'],
  tamper: ['Tampering', 'Manipulación', 'Violação', 'Sabotage'],
  vibration: ['Vibration', 'Vibración', 'Vibração', 'Vibration'],
  movement: ['Movement', 'Movimiento', 'Movimento', 'Mouvement'],
  tow: ['Towing', 'Remolque', 'Reboque', 'Remorquage'],
  overspeed: ['Speeding', 'Exceso de velocidad', 'Excesso de velocidade', 'Excès de vitesse'],
  lowSpeed: ['Driving too slowly', 'Velocidad demasiado baja', 'Velocidade baixa demais', 'Vitesse trop basse'],
  geofence: ['The tracker’s own geofence', 'Geocerca propia del rastreador', 'Cerca própria do rastreador', 'Géobarrière propre au traceur'],
  geofenceEnter: ['Entered the tracker’s own geofence', 'Ingresó a la geocerca propia del rastreador', 'Entrou na cerca própria do rastreador', 'Entré dans la géobarrière propre au traceur'],
  geofenceExit: ['Left the tracker’s own geofence', 'Salió de la geocerca propia del rastreador', 'Saiu da cerca própria do rastreador', 'Sorti de la géobarrière propre au traceur'],
  accident: ['Accident', 'Accidente', 'Acidente', 'Accident'],
  fallDown: ['Fall', 'Caída', 'Queda', 'Chute'],
  hardAcceleration: ['Hard acceleration', 'Aceleración brusca', 'Aceleração brusca', 'Accélération brusque'],
  hardBraking: ['Hard braking', 'Frenada brusca', 'Freada brusca', 'Freinage brusque'],
  hardCornering: ['Hard cornering', 'Giro brusco', 'Curva brusca', 'Virage brusque'],
  jamming: ['Jamming', 'Inhibidor de señal', 'Bloqueador de sinal', 'Brouillage du signal'],
  door: ['Door', 'Puerta', 'Porta', 'Porte'],
  lock: ['Locked', 'Bloqueado', 'Travado', 'Verrouillé'],
  unlock: ['Unlocked', 'Desbloqueado', 'Destravado', 'Déverrouillé'],
  gpsAntennaCut: ['GPS antenna cut', 'Antena GPS cortada', 'Antena GPS cortada', 'Antenne GPS coupée'],
  removing: ['Tracker removed', 'Rastreador retirado', 'Rastreador removido', 'Traceur retiré'],
  fault: ['Tracker fault', 'Falla del rastreador', 'Falha do rastreador', 'Panne du traceur'],
  powerOn: ['Switched on', 'Encendido', 'Ligado', 'Allumé'],
  powerOff: ['Switched off', 'Apagado', 'Desligado', 'Éteint'],
  powerRestored: ['Power restored', 'Energía restablecida', 'Energia restabelecida', 'Alimentation rétablie'],
  idle: ['Idling', 'Ralentí', 'Marcha lenta', 'Moteur au ralenti'],
  temperature: ['Temperature', 'Temperatura', 'Temperatura', 'Température'],
  fuelLeak: ['Fuel leak', 'Fuga de combustible', 'Vazamento de combustível', 'Fuite de carburant'],
  bonnet: ['Bonnet opened', 'Capó abierto', 'Capô aberto', 'Capot ouvert'],
  footBrake: ['Foot brake', 'Freno de pie', 'Freio de pé', 'Frein à pied'],
  laneChange: ['Lane change', 'Cambio de carril', 'Mudança de faixa', 'Changement de voie'],
  fatigue: ['Driver fatigue', 'Fatiga del conductor', 'Fadiga do motorista', 'Fatigue du conducteur'],
  general: ['Alarm', 'Alarma', 'Alarme', 'Alarme'],
  highRpm: ['High engine speed', 'Régimen del motor alto', 'Rotação do motor alta', 'Régime moteur élevé'],
  loading: ['Loading', 'Carga', 'Carregamento', 'Chargement'],
  parking: ['Parking', 'Estacionamiento', 'Estacionamento', 'Stationnement'],
});

/** useAlarmName words what an event or alarm carries, such as "sos,powerCut". */
export function useAlarmName(): (alarm: string | undefined) => string {
  const { lang } = useLang(), at = langs.indexOf(lang);
  return (alarm) => (alarm ?? '').split(',').map((name) => fill((alarmNames as Record<string, Text>)[name]?.[at] ?? name, lang)).join(', ');
}
