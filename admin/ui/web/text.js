// Words of the pages in four languages. Keys are the same in each; a Go test
// holds them together.

export const texts = {
  en: {
    skip: 'Skip to the devices', signOut: 'Sign out', devices: 'Devices', find: 'Find by name or plate', map: 'Map',
    mapHelp: 'Drag to move, scroll to zoom; arrow keys, plus and minus; 0 shows everything.',
    zoomIn: 'Zoom in', zoomOut: 'Zoom out', fit: 'Show everything', moving: 'moving', stopped: 'stopped', silent: 'silent', never: 'never seen',
    events: 'Events', noEvents: 'No events yet. They appear here as soon as a device enters or leaves a fence, or raises an alarm.',
    welcome: 'Sign in to see your devices',
    howTo: 'A sign-in link works once. The server prints one at its first start, and another by this command:',
    haveLink: 'Have a link? Paste it here', open: 'Open', live: 'Live', connecting: 'Connecting…', offline: 'Not connected',
    down: 'No live connection for {} s. What you see may be old; trying again…',
    enter: '{} entered {}', exit: '{} left {}', alarm: '{}: alarm {}', someFence: 'a fence', close: 'Close', why: 'Why?',
    speed: 'Speed', course: 'Course', seen: 'Last fix', plate: 'Plate', source: 'Source', place: 'Place', battery: 'Battery', kmh: '{} km/h',
    whyTitle: 'Why this event happened', before: 'The fix before was at {} ({}).', first: 'No earlier fix is on record.',
    at: 'The deciding fix was at {} ({}).', edgeIn: 'It was {} m inside the edge of {}.', edgeOut: 'It was {} m outside the edge of {}.',
    received: 'Its message arrived {} later.', late: 'found out late', inferred: 'concluded between two fixes', amended: 'time corrected',
    retracted: 'withdrawn', placeless: 'last known place', gates: 'Tests that the fix passed', told: 'Who was told',
    nobody: 'Nobody: no notification asks for this event.', attempts: '{} attempts', answer: 'Answer', notYours: 'Your role does not show messages.',
    queued: 'queued', retrying: 'trying again', sent: 'sent', failed: 'failed', suppressed: 'not sent', delivered: 'delivered',
    none: 'No devices yet', noneHow: 'Add one with its IMEI or other identity, then point the tracker at this server:',
    strangers: '{} unknown senders are knocking. Adopt one to see it here:', adopt: 'Adopt', adoptName: 'Name of the device {}?',
    pushOn: 'Alert me here', pushOff: 'Alerts are on', pushDenied: 'Alerts are blocked in this browser',
    noneYours: 'No device is assigned to you yet. Ask your administrator.', nothingFound: 'Nothing found.',
    setUpTitle: 'Welcome to Vigia', setUpText: 'This installation is empty. Name your company and yourself; you become its administrator.',
    companyName: 'Company', language: 'Language', zone: 'Time zone', yourName: 'Your name', yourMail: 'Your e-mail', create: 'Create and sign in',
    signTitle: 'Sign in to Vigia', signText: 'This link signs you in on this browser. It works once.', sign: 'Sign in', noToken: 'This address lacks its token. Open the whole link.',
    userName: 'User name or e-mail', password: 'Password', code: 'Code of your app, or a recovery code', newPassword: 'New password', savePassword: 'Save and sign in', activateText: 'Choose a password. This link works once.', rule_length: 'at least {} characters', rule_upper: 'one upper case', rule_lower: 'one lower case', rule_digit: 'one digit', rule_symbol: 'one symbol',
    docsTitle: 'Vigia API', problemsTitle: 'Problems',
  },
  es: {
    skip: 'Ir a los dispositivos', signOut: 'Salir', devices: 'Dispositivos', find: 'Buscar nombre o placa', map: 'Mapa',
    mapHelp: 'Arrastre para mover, rueda para acercar; flechas, más y menos; 0 muestra todo.',
    zoomIn: 'Acercar', zoomOut: 'Alejar', fit: 'Mostrar todo', moving: 'en movimiento', stopped: 'detenido', silent: 'sin señal', never: 'nunca visto',
    events: 'Eventos', noEvents: 'Aún no hay eventos. Aparecerán cuando un dispositivo entre o salga de una geocerca, o dé una alarma.',
    welcome: 'Inicie sesión para ver sus dispositivos',
    howTo: 'Un enlace de acceso sirve una vez. El servidor muestra uno al iniciar por primera vez, y otro con esta orden:',
    haveLink: '¿Tiene un enlace? Péguelo aquí', open: 'Abrir', live: 'En vivo', connecting: 'Conectando…', offline: 'Sin conexión',
    down: 'Sin conexión en vivo desde hace {} s. Lo que ve puede ser antiguo; reintentando…',
    enter: '{} entró en {}', exit: '{} salió de {}', alarm: '{}: alarma {}', someFence: 'una geocerca', close: 'Cerrar', why: '¿Por qué?',
    speed: 'Velocidad', course: 'Rumbo', seen: 'Última posición', plate: 'Placa', source: 'Origen', place: 'Lugar', battery: 'Batería', kmh: '{} km/h',
    whyTitle: 'Por qué ocurrió este evento', before: 'La posición anterior fue a las {} ({}).', first: 'No hay una posición anterior.',
    at: 'La posición decisiva fue a las {} ({}).', edgeIn: 'Estaba {} m dentro del borde de {}.', edgeOut: 'Estaba {} m fuera del borde de {}.',
    received: 'Su mensaje llegó {} después.', late: 'conocido tarde', inferred: 'deducido entre dos posiciones', amended: 'hora corregida',
    retracted: 'retirado', placeless: 'último lugar conocido', gates: 'Pruebas que pasó la posición', told: 'A quién se avisó',
    nobody: 'A nadie: ninguna notificación pide este evento.', attempts: '{} intentos', answer: 'Respuesta', notYours: 'Su rol no muestra mensajes.',
    queued: 'en cola', retrying: 'reintentando', sent: 'enviado', failed: 'fallido', suppressed: 'no enviado', delivered: 'entregado',
    none: 'Aún no hay dispositivos', noneHow: 'Añada uno con su IMEI u otra identidad y apunte el rastreador a este servidor:',
    strangers: '{} emisores desconocidos están llamando. Adopte uno para verlo aquí:', adopt: 'Adoptar', adoptName: '¿Nombre del dispositivo {}?',
    pushOn: 'Avisarme aquí', pushOff: 'Avisos activos', pushDenied: 'Avisos bloqueados en este navegador',
    noneYours: 'Aún no tiene dispositivos asignados. Consulte a su administrador.', nothingFound: 'Nada encontrado.',
    setUpTitle: 'Bienvenido a Vigia', setUpText: 'Esta instalación está vacía. Indique su empresa y su nombre; usted será su administrador.',
    companyName: 'Empresa', language: 'Idioma', zone: 'Zona horaria', yourName: 'Su nombre', yourMail: 'Su correo', create: 'Crear e iniciar sesión',
    signTitle: 'Iniciar sesión en Vigia', signText: 'Este enlace inicia su sesión en este navegador. Sirve una vez.', sign: 'Iniciar sesión', noToken: 'A esta dirección le falta su código. Abra el enlace completo.',
    userName: 'Usuario o correo', password: 'Clave', code: 'Código de su aplicación o de recuperación', newPassword: 'Clave nueva', savePassword: 'Guardar e iniciar sesión', activateText: 'Elija una clave. Este enlace sirve una vez.', rule_length: 'al menos {} caracteres', rule_upper: 'una mayúscula', rule_lower: 'una minúscula', rule_digit: 'un número', rule_symbol: 'un símbolo',
    docsTitle: 'API de Vigia', problemsTitle: 'Problemas',
  },
  pt: {
    skip: 'Ir para os dispositivos', signOut: 'Sair', devices: 'Dispositivos', find: 'Procurar nome ou matrícula', map: 'Mapa',
    mapHelp: 'Arraste para mover, roda para aproximar; setas, mais e menos; 0 mostra tudo.',
    zoomIn: 'Aproximar', zoomOut: 'Afastar', fit: 'Mostrar tudo', moving: 'em movimento', stopped: 'parado', silent: 'sem sinal', never: 'nunca visto',
    events: 'Eventos', noEvents: 'Ainda não há eventos. Aparecem quando um dispositivo entra ou sai de uma cerca, ou dá um alarme.',
    welcome: 'Inicie sessão para ver os seus dispositivos',
    howTo: 'Um link de acesso serve uma vez. O servidor mostra um no primeiro arranque, e outro com este comando:',
    haveLink: 'Tem um link? Cole-o aqui', open: 'Abrir', live: 'Em direto', connecting: 'A ligar…', offline: 'Sem ligação',
    down: 'Sem ligação em direto há {} s. O que vê pode ser antigo; a tentar de novo…',
    enter: '{} entrou em {}', exit: '{} saiu de {}', alarm: '{}: alarme {}', someFence: 'uma cerca', close: 'Fechar', why: 'Porquê?',
    speed: 'Velocidade', course: 'Rumo', seen: 'Última posição', plate: 'Matrícula', source: 'Origem', place: 'Lugar', battery: 'Bateria', kmh: '{} km/h',
    whyTitle: 'Porque aconteceu este evento', before: 'A posição anterior foi às {} ({}).', first: 'Não há posição anterior.',
    at: 'A posição decisiva foi às {} ({}).', edgeIn: 'Estava {} m dentro do limite de {}.', edgeOut: 'Estava {} m fora do limite de {}.',
    received: 'A mensagem chegou {} depois.', late: 'conhecido tarde', inferred: 'deduzido entre duas posições', amended: 'hora corrigida',
    retracted: 'retirado', placeless: 'último lugar conhecido', gates: 'Testes que a posição passou', told: 'Quem foi avisado',
    nobody: 'Ninguém: nenhuma notificação pede este evento.', attempts: '{} tentativas', answer: 'Resposta', notYours: 'O seu perfil não mostra mensagens.',
    queued: 'em fila', retrying: 'a tentar de novo', sent: 'enviado', failed: 'falhado', suppressed: 'não enviado', delivered: 'entregue',
    none: 'Ainda não há dispositivos', noneHow: 'Adicione um com o IMEI ou outra identidade e aponte o rastreador para este servidor:',
    strangers: '{} emissores desconhecidos estão a chamar. Adote um para o ver aqui:', adopt: 'Adotar', adoptName: 'Nome do dispositivo {}?',
    pushOn: 'Avisar-me aqui', pushOff: 'Avisos ativos', pushDenied: 'Avisos bloqueados neste navegador',
    noneYours: 'Ainda não tem dispositivos atribuídos. Fale com o seu administrador.', nothingFound: 'Nada encontrado.',
    setUpTitle: 'Bem-vindo ao Vigia', setUpText: 'Esta instalação está vazia. Indique a sua empresa e o seu nome; será o administrador.',
    companyName: 'Empresa', language: 'Idioma', zone: 'Fuso horário', yourName: 'O seu nome', yourMail: 'O seu e-mail', create: 'Criar e iniciar sessão',
    signTitle: 'Iniciar sessão no Vigia', signText: 'Este link inicia a sua sessão neste navegador. Serve uma vez.', sign: 'Iniciar sessão', noToken: 'Falta o código neste endereço. Abra o link completo.',
    userName: 'Usuário ou e-mail', password: 'Senha', code: 'Código do seu aplicativo ou de recuperação', newPassword: 'Nova senha', savePassword: 'Salvar e entrar', activateText: 'Escolha uma senha. Este link funciona uma vez.', rule_length: 'ao menos {} caracteres', rule_upper: 'uma maiúscula', rule_lower: 'uma minúscula', rule_digit: 'um número', rule_symbol: 'um símbolo',
    docsTitle: 'API do Vigia', problemsTitle: 'Problemas',
  },
  fr: {
    skip: 'Aller aux appareils', signOut: 'Se déconnecter', devices: 'Appareils', find: 'Chercher nom ou plaque', map: 'Carte',
    mapHelp: 'Glisser pour déplacer, molette pour zoomer ; flèches, plus et moins ; 0 montre tout.',
    zoomIn: 'Agrandir', zoomOut: 'Réduire', fit: 'Tout montrer', moving: 'en route', stopped: 'arrêté', silent: 'muet', never: 'jamais vu',
    events: 'Événements', noEvents: "Pas encore d'événements. Ils apparaissent dès qu'un appareil entre dans une zone, en sort, ou donne l'alarme.",
    welcome: 'Connectez-vous pour voir vos appareils',
    howTo: 'Un lien de connexion sert une fois. Le serveur en affiche un au premier démarrage, et un autre par cette commande :',
    haveLink: 'Vous avez un lien ? Collez-le ici', open: 'Ouvrir', live: 'En direct', connecting: 'Connexion…', offline: 'Non connecté',
    down: 'Pas de liaison en direct depuis {} s. Ce que vous voyez peut être ancien ; nouvel essai…',
    enter: '{} est entré dans {}', exit: '{} est sorti de {}', alarm: '{} : alarme {}', someFence: 'une zone', close: 'Fermer', why: 'Pourquoi ?',
    speed: 'Vitesse', course: 'Cap', seen: 'Dernière position', plate: 'Plaque', source: 'Source', place: 'Lieu', battery: 'Batterie', kmh: '{} km/h',
    whyTitle: 'Pourquoi cet événement', before: 'La position précédente était à {} ({}).', first: "Il n'y a pas de position précédente.",
    at: 'La position décisive était à {} ({}).', edgeIn: "Elle était à {} m à l'intérieur du bord de {}.", edgeOut: "Elle était à {} m à l'extérieur du bord de {}.",
    received: 'Son message est arrivé {} plus tard.', late: 'connu tardivement', inferred: 'déduit entre deux positions', amended: 'heure corrigée',
    retracted: 'retiré', placeless: 'dernier lieu connu', gates: 'Contrôles passés par la position', told: 'Qui a été prévenu',
    nobody: 'Personne : aucune notification ne demande cet événement.', attempts: '{} essais', answer: 'Réponse', notYours: 'Votre rôle ne montre pas les messages.',
    queued: 'en attente', retrying: 'nouvel essai', sent: 'envoyé', failed: 'échoué', suppressed: 'non envoyé', delivered: 'remis',
    none: "Pas encore d'appareils", noneHow: "Ajoutez-en un avec son IMEI ou une autre identité, puis dirigez le traceur vers ce serveur :",
    strangers: '{} émetteurs inconnus appellent. Adoptez-en un pour le voir ici :', adopt: 'Adopter', adoptName: "Nom de l'appareil {} ?",
    pushOn: "M'alerter ici", pushOff: 'Alertes actives', pushDenied: 'Alertes bloquées dans ce navigateur',
    noneYours: "Aucun appareil ne vous est attribué. Demandez à votre administrateur.", nothingFound: 'Rien trouvé.',
    setUpTitle: 'Bienvenue dans Vigia', setUpText: 'Cette installation est vide. Nommez votre société et vous-même ; vous en serez administrateur.',
    companyName: 'Société', language: 'Langue', zone: 'Fuseau horaire', yourName: 'Votre nom', yourMail: 'Votre e-mail', create: 'Créer et se connecter',
    signTitle: 'Se connecter à Vigia', signText: 'Ce lien vous connecte dans ce navigateur. Il sert une fois.', sign: 'Se connecter', noToken: 'Il manque le code à cette adresse. Ouvrez le lien entier.',
    userName: 'Nom d\'utilisateur ou courriel', password: 'Mot de passe', code: 'Code de votre application ou de secours', newPassword: 'Nouveau mot de passe', savePassword: 'Enregistrer et se connecter', activateText: 'Choisissez un mot de passe. Ce lien sert une fois.', rule_length: 'au moins {} caractères', rule_upper: 'une majuscule', rule_lower: 'une minuscule', rule_digit: 'un chiffre', rule_symbol: 'un symbole',
    docsTitle: 'API de Vigia', problemsTitle: 'Problèmes',
  },
};

export const lang = (navigator.languages || [navigator.language || 'en'])
  .map((l) => l.slice(0, 2).toLowerCase()).find((l) => l in texts) || 'en';

// t gives a text; each {} takes the next argument.
export function t(key, ...args) {
  let s = texts[lang][key] ?? texts.en[key] ?? key;
  for (const a of args) s = s.replace('{}', () => a);
  return s;
}

// wordPage puts the words into the elements that ask for them.
export function wordPage() {
  document.documentElement.lang = lang;
  for (const e of document.querySelectorAll('[data-text]')) e.textContent = t(e.dataset.text);
  for (const e of document.querySelectorAll('[data-placeholder]')) e.placeholder = t(e.dataset.placeholder);
  for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', t(e.dataset.label));
}

const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto', style: 'narrow' });
const clock = new Intl.DateTimeFormat(lang, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const dated = new Intl.DateTimeFormat(lang, { dateStyle: 'short', timeStyle: 'medium' });
export const number = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });

export function ago(ms, now = Date.now()) {
  const s = Math.round((ms - now) / 1000);
  if (Math.abs(s) < 60) return relative.format(Math.min(s, 0), 'second');
  if (Math.abs(s) < 3600) return relative.format(Math.round(s / 60), 'minute');
  if (Math.abs(s) < 86400) return relative.format(Math.round(s / 3600), 'hour');
  return relative.format(Math.round(s / 86400), 'day');
}

export function when(ms) {
  return Math.abs(Date.now() - ms) < 43200e3 ? clock.format(ms) : dated.format(ms);
}

export function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 90) return s + ' s';
  return s < 5400 ? Math.round(s / 60) + ' min' : Math.round(s / 3600) + ' h';
}

// el makes an element: el('b', {class: 'x', onclick: f}, 'text', child).
export function el(name, attrs = {}, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attrs)) {
    if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
    else if (v !== null && v !== undefined && v !== false) e.setAttribute(k, v === true ? '' : v);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}
