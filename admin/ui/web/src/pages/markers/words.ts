import { texts } from '@/i18n';

export const words = texts({
  map: ['Map of markers', 'Mapa de marcadores', 'Mapa de marcadores', 'Carte des repères'],
  addMarker: ['Add marker', 'Agregar marcador', 'Adicionar marcador', 'Ajouter un repère'],
  noMarkers: ['No markers yet', 'Aún no hay marcadores', 'Ainda não há marcadores', 'Aucun repère pour l’instant'],
  noMarkersText: ['A marker is a place that matters: it shows on the map of every device.', 'Un marcador es un lugar importante: se ve en el mapa de todos los dispositivos.', 'Um marcador é um lugar importante: aparece no mapa de todos os dispositivos.', 'Un repère est un lieu important : il se voit sur la carte de tous les appareils.'],
  clickMap: ['Click the place on the map', 'Haga clic en el lugar en el mapa', 'Clique no lugar no mapa', 'Cliquez le lieu sur la carte'],
  clickHint: ['Click the map to move it.', 'Haga clic en el mapa para moverlo.', 'Clique no mapa para movê-lo.', 'Cliquez la carte pour le déplacer.'],
  lat: ['Latitude', 'Latitud', 'Latitude', 'Latitude'],
  lon: ['Longitude', 'Longitud', 'Longitude', 'Longitude'],
  icon: ['Icon', 'Icono', 'Ícone', 'Icône'],
  colour: ['Colour', 'Color', 'Cor', 'Couleur'],
  note: ['Note', 'Nota', 'Nota', 'Note'],
  anyCustomer: ['All customers', 'Todos los clientes', 'Todos os clientes', 'Tous les clients'],
  noUndo: ['It disappears from every map. This cannot be undone.', 'Desaparece de todos los mapas. Esta acción no se puede deshacer.', 'Desaparece de todos os mapas. Isso não pode ser desfeito.', 'Il disparaît de toutes les cartes. Cette action est irréversible.'],
  pin: ['Pin', 'Chincheta', 'Alfinete', 'Épingle'], flag: ['Flag', 'Bandera', 'Bandeira', 'Drapeau'], home_: ['House', 'Casa', 'Casa', 'Maison'],
  office: ['Office', 'Oficina', 'Escritório', 'Bureau'], shop: ['Shop', 'Tienda', 'Loja', 'Magasin'], fuel: ['Fuel station', 'Gasolinera', 'Posto de combustível', 'Station-service'],
  parking: ['Parking', 'Estacionamiento', 'Estacionamento', 'Parking'], warehouse: ['Warehouse', 'Almacén', 'Armazém', 'Entrepôt'], hospital: ['Hospital', 'Hospital', 'Hospital', 'Hôpital'],
  police: ['Police', 'Policía', 'Polícia', 'Police'], tool: ['Workshop', 'Taller', 'Oficina mecânica', 'Atelier'], star: ['Star', 'Estrella', 'Estrela', 'Étoile'],
});
