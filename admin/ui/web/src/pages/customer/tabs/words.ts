import { texts } from '@/i18n';

export const own = texts({
  paused: ['Paused', 'En pausa', 'Em pausa', 'En pause'],
  active: ['Active', 'Activa', 'Ativa', 'Active'],
  plan: ['Event plan', 'Plan de eventos', 'Plano de eventos', 'Plan d’événements'],
  allDevices: ['All devices', 'Todos los dispositivos', 'Todos os dispositivos', 'Tous les appareils'],
  noUndo: ['This cannot be undone.', 'Esta acción no se puede deshacer.', 'Isso não pode ser desfeito.', 'Cette action est irréversible.'],

  note: ['Note', 'Nota', 'Nota', 'Note'],

  addNotification: ['Add notification', 'Agregar notificación', 'Adicionar notificação', 'Ajouter une notification'],
  noNotifications: ['No notifications yet', 'Aún no hay notificaciones', 'Ainda não há notificações', 'Aucune notification pour l’instant'],
  noNotificationsText: ['A notification says who is told of what, and how.', 'Una notificación define a quién se avisa, de qué y cómo.', 'Uma notificação define quem é avisado, de quê e como.', 'Une notification dit qui est prévenu, de quoi et comment.'],
  description: ['Description', 'Descripción', 'Descrição', 'Description'],
  channels: ['Channels', 'Canales', 'Canais', 'Canaux'],
  recipients: ['Recipients', 'Destinatarios', 'Destinatários', 'Destinataires'],
  email: ['Email', 'Email', 'E-mail', 'E-mail'], sms: ['SMS', 'SMS', 'SMS', 'SMS'], push: ['Push', 'Push', 'Push', 'Push'],

  tagsText: ['Tags classify the customer; the list can be narrowed to one.', 'Las etiquetas clasifican al cliente; la lista se puede filtrar por una.', 'As etiquetas classificam o cliente; a lista pode ser filtrada por uma.', 'Les étiquettes classent le client ; la liste peut être filtrée par l’une d’elles.'],
  tagHint: ['Type and press Enter', 'Escriba y presione Enter', 'Digite e pressione Enter', 'Saisissez puis Entrée'],
  groups: ['Groups', 'Grupos', 'Grupos', 'Groupes'],
  groupsText: ['Groups of customers are set up in the parameters.', 'Los grupos de clientes se definen en los parámetros.', 'Os grupos de clientes são definidos nos parâmetros.', 'Les groupes de clients se définissent dans les paramètres.'],

  addContact: ['Add contact', 'Agregar contacto', 'Adicionar contato', 'Ajouter un contact'],
  noContacts: ['No contacts yet', 'Aún no hay contactos', 'Ainda não há contatos', 'Aucun contact pour l’instant'],
  noContactsText: ['People to call when something happens; they need no user.', 'Personas a llamar cuando algo sucede; no necesitan usuario.', 'Pessoas a chamar quando algo acontece; não precisam de usuário.', 'Personnes à appeler en cas d’événement ; elles n’ont pas besoin d’un compte.'],
  relation: ['Relation', 'Relación', 'Relação', 'Lien'],
  phones: ['Phones', 'Teléfonos', 'Telefones', 'Téléphones'],
  phonesHint: ['With country code, such as +58; Enter adds another', 'Con código de país, como +58; Enter agrega otro', 'Com código do país, como +58; Enter adiciona outro', 'Avec l’indicatif, comme +58 ; Entrée en ajoute un autre'],
  codeWord: ['Code word', 'Palabra clave', 'Palavra-chave', 'Mot de passe convenu'],
  codeWordHint: ['What the person says to prove who it is', 'Lo que la persona dice para identificarse', 'O que a pessoa diz para se identificar', 'Ce que la personne dit pour s’identifier'],
  callAll: ['To be called about every device', 'Llamar por cualquier dispositivo', 'Chamar por qualquer dispositivo', 'À appeler pour tous les appareils'],

  month: ['Month', 'Mes', 'Mês', 'Mois'],
  users: ['Users', 'Usuarios', 'Usuários', 'Utilisateurs'],
  item: ['Item', 'Concepto', 'Item', 'Poste'], quantity: ['Quantity', 'Cantidad', 'Quantidade', 'Quantité'], price: ['Price', 'Precio', 'Preço', 'Prix'], amount: ['Amount', 'Importe', 'Valor', 'Montant'], total: ['Total', 'Total', 'Total', 'Total'],
  internal: ['internal', 'interno', 'interno', 'interne'], trial: ['trial', 'prueba', 'teste', 'essai'],
  open: ['The month is not over: the figures may still rise.', 'El mes no ha terminado: las cifras pueden subir.', 'O mês não terminou: os números ainda podem subir.', 'Le mois n’est pas terminé : les chiffres peuvent encore augmenter.'],
  reference: ['Reference', 'Referencia', 'Referência', 'Référence'],
  print: ['Print', 'Imprimir', 'Imprimir', 'Imprimer'],

  placeOf: ['Address and contact', 'Dirección y contacto', 'Endereço e contato', 'Adresse et contact'],
  notFilled: ['Nothing entered yet', 'Aún sin datos', 'Nada informado ainda', 'Rien de saisi'],

  write: ['Write a comment', 'Escriba un comentario', 'Escreva um comentário', 'Écrivez un commentaire'],
  send: ['Add comment', 'Agregar comentario', 'Adicionar comentário', 'Ajouter le commentaire'],
  noComments: ['No comments yet', 'Aún no hay comentarios', 'Ainda não há comentários', 'Aucun commentaire pour l’instant'],

  category: ['Category', 'Categoría', 'Categoria', 'Catégorie'], priority: ['Priority', 'Prioridad', 'Prioridade', 'Priorité'],
  noTickets: ['No tickets', 'Sin tickets', 'Sem chamados', 'Aucun ticket'],
  noTicketsText: ['What the customer writes to support shows here.', 'Aquí aparece lo que el cliente escribe a soporte.', 'O que o cliente escreve ao suporte aparece aqui.', 'Ce que le client écrit à l’assistance apparaît ici.'],
  low: ['Low', 'Baja', 'Baixa', 'Basse'], normal: ['Normal', 'Normal', 'Normal', 'Normale'], high: ['High', 'Alta', 'Alta', 'Haute'], urgent: ['Urgent', 'Urgente', 'Urgente', 'Urgente'],
  opened: ['Open', 'Abierto', 'Aberto', 'Ouvert'], answered: ['Answered', 'Respondido', 'Respondido', 'Répondu'], closed: ['Closed', 'Cerrado', 'Encerrado', 'Fermé'],

  created: ['Created', 'Creado', 'Criado', 'Créé'], updated: ['Changed', 'Modificado', 'Alterado', 'Modifié'], removed: ['Deleted', 'Eliminado', 'Excluído', 'Supprimé'],
  system: ['The system', 'El sistema', 'O sistema', 'Le système'], gone: ['A deleted user', 'Un usuario eliminado', 'Um usuário excluído', 'Un utilisateur supprimé'],
  onBehalf: ['signed in as another', 'en nombre de otro', 'em nome de outro', 'au nom d’un autre'],
  was: ['from', 'de', 'de', 'de'], becomes: ['to', 'a', 'para', 'à'],
  noHistory: ['Nothing was changed yet', 'Aún no hay cambios', 'Ainda não há alterações', 'Aucun changement pour l’instant'],

  modulesText: ['A module that is not ticked disappears at once from the menu, the pages and the API of this customer’s users.', 'Un módulo sin marcar desaparece de inmediato del menú, las páginas y la API de los usuarios de este cliente.', 'Um módulo desmarcado desaparece imediatamente do menu, das páginas e da API dos usuários deste cliente.', 'Un module non coché disparaît aussitôt du menu, des pages et de l’API des utilisateurs de ce client.'],
  newInner: ['New inner customer', 'Nuevo cliente interno', 'Novo cliente interno', 'Créer un sous-client'],
  noInner: ['No inner customers', 'Sin clientes internos', 'Sem clientes internos', 'Aucun sous-client'],
});
