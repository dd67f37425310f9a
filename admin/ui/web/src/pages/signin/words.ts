import { texts } from '@/i18n';

export const words = texts({
  title: ['Sign in to Vigia', 'Entrar a Vigia', 'Entrar no Vigia', 'Se connecter à Vigia'],
  name: ['User name or email', 'Usuario o correo electrónico', 'Usuário ou e-mail', 'Utilisateur ou e-mail'],
  sign: ['Sign in', 'Entrar', 'Entrar', 'Se connecter'],
  code: ['Code of your app, or a recovery code', 'Código de su aplicación, o uno de recuperación', 'Código do seu aplicativo, ou de recuperação', 'Code de votre application, ou de secours'],
  linkText: ['This link signs you in on this browser. It works once.', 'Este enlace inicia su sesión en este navegador. Sirve una vez.', 'Este link inicia sua sessão neste navegador. Funciona uma vez.', 'Ce lien vous connecte sur ce navigateur. Il sert une fois.'],
  lacks: ['This address lacks its token. Open the whole link.', 'A esta dirección le falta su código. Abra el enlace completo.', 'Falta o código neste endereço. Abra o link completo.', 'Il manque le code dans cette adresse. Ouvrez le lien complet.'],
  activateTitle: ['Activate your account', 'Active su cuenta', 'Ative sua conta', 'Activez votre compte'],
  activateText: ['Choose a password. This link works once.', 'Elija una contraseña. Este enlace sirve una vez.', 'Escolha uma senha. Este link funciona uma vez.', 'Choisissez un mot de passe. Ce lien sert une fois.'],
  newPassword: ['New password', 'Contraseña nueva', 'Nova senha', 'Nouveau mot de passe'],
  savePassword: ['Save and sign in', 'Guardar y entrar', 'Salvar e entrar', 'Enregistrer et se connecter'],
  setUpTitle: ['Welcome to Vigia', 'Bienvenido a Vigia', 'Bem-vindo ao Vigia', 'Bienvenue sur Vigia'],
  setUpText: ['This installation is empty. Name your company and yourself; you become its administrator.', 'Esta instalación está vacía. Indique su empresa y su nombre; usted será su administrador.', 'Esta instalação está vazia. Informe sua empresa e seu nome; você será o administrador.', 'Cette installation est vide. Nommez votre entreprise et vous-même ; vous en devenez l’administrateur.'],
  yourName: ['Your name', 'Su nombre', 'Seu nome', 'Votre nom'],
  yourMail: ['Your email', 'Su correo electrónico', 'Seu e-mail', 'Votre e-mail'],
  several: ['This installation serves several companies', 'Esta instalación sirve a varias empresas', 'Esta instalação atende a várias empresas', 'Cette installation sert plusieurs entreprises'],
  severalText: ['You become the administrator of the platform, who adds companies and invites their administrators.', 'Usted será el administrador de la plataforma, que agrega empresas e invita a sus administradores.', 'Você será o administrador da plataforma, que adiciona empresas e convida seus administradores.', 'Vous devenez l’administrateur de la plateforme, qui ajoute des entreprises et invite leurs administrateurs.'],
  create: ['Create and sign in', 'Crear y entrar', 'Criar e entrar', 'Créer et se connecter'],
  lost: ['Locked out? The server prints a new link by this command:', '¿Sin acceso? El servidor muestra un enlace nuevo con esta orden:', 'Sem acesso? O servidor mostra um novo link com este comando:', 'Sans accès ? Le serveur affiche un nouveau lien par cette commande :'],
  noRules: ['The password does not meet all rules yet', 'La contraseña aún no cumple todas las reglas', 'A senha ainda não atende a todas as regras', 'Le mot de passe ne respecte pas encore toutes les règles'],
});
