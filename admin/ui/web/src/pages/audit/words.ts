import { texts } from '@/i18n';

export const words = texts({
  audit: ['Audit', 'Auditoría', 'Auditoria', 'Audit'],
  who: ['Who', 'Quién', 'Quem', 'Qui'],
  what: ['What', 'Qué', 'O quê', 'Quoi'],
  record: ['Record', 'Registro', 'Registro', 'Enregistrement'],
  number: ['No.', 'N.º', 'N.º', 'N°'],
  from: ['From', 'Desde', 'De', 'Du'],
  to: ['To', 'Hasta', 'Até', 'Au'],
  addr: ['Address', 'Dirección', 'Endereço', 'Adresse'],
  before: ['Before', 'Antes', 'Antes', 'Avant'],
  after: ['After', 'Después', 'Depois', 'Après'],
  field: ['Field', 'Campo', 'Campo', 'Champ'],
  details: ['Before and after', 'Antes y después', 'Antes e depois', 'Avant et après'],
  create: ['Created', 'Creado', 'Criado', 'Créé'],
  update: ['Changed', 'Modificado', 'Alterado', 'Modifié'],
  remove: ['Deleted', 'Eliminado', 'Excluído', 'Supprimé'],
  refused: ['Refused', 'Rechazado', 'Recusado', 'Refusé'],
  onlyRefused: ['Only refused attempts', 'Solo intentos rechazados', 'Somente tentativas recusadas', 'Seulement les refus'],
  system: ['The system', 'El sistema', 'O sistema', 'Le système'],
  gone: ['A deleted user', 'Un usuario eliminado', 'Um usuário excluído', 'Un utilisateur supprimé'],
  onBehalf: ['signed in as another', 'en nombre de otro', 'em nome de outro', 'au nom d’un autre'],
  token: ['by a program', 'por un programa', 'por um programa', 'par un programme'],
  any: ['Any record', 'Todos los registros', 'Todos os registros', 'Tous'],
  empty: ['Nothing was done yet', 'Aún no hay actividad', 'Ainda não há atividade', 'Rien n’a encore été fait'],
  noFields: ['No field changed', 'No cambió ningún campo', 'Nenhum campo mudou', 'Aucun champ modifié'],
  verified: ['Chain verified up to no. {n}', 'Cadena verificada hasta el n.º {n}', 'Cadeia verificada até o n.º {n}', 'Chaîne vérifiée jusqu’au n° {n}'],
  verifying: ['Chain verified up to no. {n} of {all}', 'Cadena verificada hasta el n.º {n} de {all}', 'Cadeia verificada até o n.º {n} de {all}', 'Chaîne vérifiée jusqu’au n° {n} sur {all}'],
  broken: ['The chain is broken at no. {n}: rows were changed or cut out behind Vigia’s back', 'La cadena está rota en el n.º {n}: se cambiaron o quitaron filas por fuera de Vigia', 'A cadeia está rompida no n.º {n}: linhas foram alteradas ou removidas por fora do Vigia', 'La chaîne est rompue au n° {n} : des lignes ont été modifiées ou retirées hors de Vigia'],
  verifyOn: ['Verify on', 'Seguir verificando', 'Continuar verificando', 'Continuer la vérification'],
  exporting: ['Exporting…', 'Exportando…', 'Exportando…', 'Exportation…'],
});

/** The kinds of record that people look for, as the API names them. */
export const kinds = ['customer', 'user', 'device', 'fence', 'rule', 'notification', 'plan', 'company', 'connection', 'ticket', 'view', 'marker', 'contact'] as const;
