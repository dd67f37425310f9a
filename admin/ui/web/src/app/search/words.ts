import { texts } from '@/i18n';
import { common } from '@/i18n/common';

export const words = texts({
  searchAll: ['Search everything', 'Buscar en todo', 'Buscar em tudo', 'Rechercher partout'],
  hint: ['Device, plate, IMEI, customer, person…', 'Dispositivo, placa, IMEI, cliente, persona…', 'Dispositivo, placa, IMEI, cliente, pessoa…', 'Appareil, plaque, IMEI, client, personne…'],
  help: ['Part of a name, plate, IMEI, code or address is enough.', 'Basta una parte del nombre, la placa, el IMEI, el código o el correo.', 'Basta uma parte do nome, da placa, do IMEI, do código ou do e-mail.', 'Une partie du nom, de la plaque, de l’IMEI, du code ou de l’e-mail suffit.'],
  results: ['Results', 'Resultados', 'Resultados', 'Résultats'],
  devices: common.devices,
  customers: common.customers,
  users: ['People of customers', 'Personas de clientes', 'Pessoas de clientes', 'Personnes des clients'],
  operators: ['Operators', 'Operadores', 'Operadores', 'Opérateurs'],
  fences: common.geofences,
  pages: ['Pages', 'Páginas', 'Páginas', 'Pages'],
});
