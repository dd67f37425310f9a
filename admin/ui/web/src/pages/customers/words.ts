import { texts } from '@/i18n';

export const words = texts({
  new: ['New customer', 'Nuevo cliente', 'Novo cliente', 'Créer un client'],
  panel: ['Customer panel', 'Panel Cliente', 'Painel do cliente', 'Panneau client'],
  manageUsers: ['Manage customer users', 'Administrar usuarios del cliente', 'Gerenciar usuários do cliente', 'Gérer les utilisateurs du client'],
  code: ['Code', 'Código', 'Código', 'Code'],
  type: ['Customer type', 'Tipo de cliente', 'Tipo de cliente', 'Type de client'],
  tags: ['Tags', 'Etiquetas', 'Etiquetas', 'Étiquettes'],
  emptyTitle: ['No customers yet', 'Aún no hay clientes', 'Ainda não há clientes', 'Aucun client pour l’instant'],
  emptyText: ['A customer owns devices and has users who watch them.', 'Un cliente tiene dispositivos y usuarios que los vigilan.', 'Um cliente tem dispositivos e usuários que os acompanham.', 'Un client possède des appareils et des utilisateurs qui les surveillent.'],
});
