import { texts } from '@/i18n';

export const words = texts({
  title: ['Deliveries', 'Envíos', 'Envios', 'Envois'],
  channel: ['Channel', 'Canal', 'Canal', 'Canal'],
  to: ['To', 'Destinatario', 'Destinatário', 'Destinataire'],
  answer: ['Provider’s answer', 'Respuesta del proveedor', 'Resposta do provedor', 'Réponse du fournisseur'],
  attempts: ['Attempts', 'Intentos', 'Tentativas', 'Tentatives'],
  notification: ['Notification', 'Notificación', 'Notificação', 'Notification'],
  created: ['Created', 'Creado', 'Criado', 'Créé'],
  took: ['{n} ms', '{n} ms', '{n} ms', '{n} ms'],
  due: ['tried again', 'se reintenta', 'nova tentativa', 'nouvel essai'],
  untrue: ['A late report shows that it did not happen', 'Un reporte tardío muestra que no ocurrió', 'Um relato tardio mostra que não aconteceu', 'Un message tardif montre que cela n’a pas eu lieu'],
  email: ['Email', 'Correo', 'E-mail', 'E-mail'],
  sms: ['SMS', 'SMS', 'SMS', 'SMS'],
  push: ['Push', 'Push', 'Push', 'Push'],
  queued: ['queued', 'en cola', 'na fila', 'en file'],
  retrying: ['trying again', 'reintentando', 'tentando de novo', 'nouvel essai'],
  sent: ['sent', 'enviado', 'enviado', 'envoyé'],
  delivered: ['delivered', 'entregado', 'entregue', 'distribué'],
  failed: ['failed', 'falló', 'falhou', 'échoué'],
  suppressed: ['not sent', 'no enviado', 'não enviado', 'non envoyé'],
  emptyTitle: ['No messages yet', 'Aún no hay mensajes', 'Ainda não há mensagens', 'Aucun message pour l’instant'],
  emptyText: ['Every SMS, email and push message stands here with what the provider answered.', 'Aquí está cada SMS, correo y aviso push con la respuesta del proveedor.', 'Aqui ficam cada SMS, e-mail e push com a resposta do provedor.', 'Chaque SMS, e-mail et push figure ici avec la réponse du fournisseur.'],
});

export const states = ['queued', 'retrying', 'sent', 'delivered', 'failed', 'suppressed'] as const;
export const channels = ['email', 'sms', 'push'] as const;
export const toneOfState: Record<string, string> = { queued: 'orange', retrying: 'orange', sent: 'green', delivered: 'green', failed: 'red', suppressed: 'gray' };
