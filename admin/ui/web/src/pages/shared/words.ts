import { texts } from '@/i18n';

export const words = texts({
  ended: ['This link has ended', 'Este enlace ha finalizado', 'Este link expirou', 'Ce lien n’est plus actif'],
  endedHow: ['Ask whoever sent it for another.', 'Pida otro a quien se lo envió.', 'Peça outro a quem o enviou.', 'Demandez-en un autre à la personne qui l’a envoyé.'],
  early: ['This link does not hold yet', 'Este enlace aún no está vigente', 'Este link ainda não é válido', 'Ce lien n’est pas encore valable'],
  pin: ['PIN', 'PIN', 'PIN', 'Code PIN'],
  pinTitle: ['This link is protected', 'Este enlace está protegido', 'Este link está protegido', 'Ce lien est protégé'],
  pinHow: ['Enter the PIN that you were given.', 'Ingrese el PIN que le dieron.', 'Digite o PIN que você recebeu.', 'Saisissez le code qui vous a été donné.'],
  open: ['Open', 'Abrir', 'Abrir', 'Ouvrir'],
  sharedBy: ['Shared by {company}', 'Compartido por {company}', 'Compartilhado por {company}', 'Partagé par {company}'],
  until: ['until {time}', 'hasta {time}', 'até {time}', 'jusqu’à {time}'],
  device: ['Device {n}', 'Dispositivo {n}', 'Dispositivo {n}', 'Appareil {n}'],
  updated: ['updated {ago}', 'actualizado {ago}', 'atualizado {ago}', 'mis à jour {ago}'],
  nothing: ['no position yet', 'aún sin posición', 'ainda sem posição', 'pas encore de position'],
  arrives: ['arrives about {time}', 'llega hacia las {time}', 'chega por volta de {time}', 'arrive vers {time}'],
  away: ['{far} away', 'a {far}', 'a {far}', 'à {far}'],
  destination: ['Destination', 'Destino', 'Destino', 'Destination'],
  map: ['Map with {n} {n|device|devices}', 'Mapa con {n} {n|dispositivo|dispositivos}', 'Mapa com {n} {n|dispositivo|dispositivos}', 'Carte avec {n} {n|appareil|appareils}'],
  lost: ['No connection for {n} s', 'Sin conexión hace {n} s', 'Sem conexão há {n} s', 'Pas de connexion depuis {n} s'],
  moving: ['moving', 'en movimiento', 'em movimento', 'en mouvement'],
  stopped: ['stopped', 'detenido', 'parado', 'à l’arrêt'],
  silent: ['not heard of', 'sin señal', 'sem sinal', 'sans signal'],
});
