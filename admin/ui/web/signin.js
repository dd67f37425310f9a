// Signs people in: by password, by a one-time link, by a link that sets the
// password; and shows the set-up form of an empty installation.

import { Problem, call } from './api.js';
import { el, lang, t, wordPage } from './text.js';

const $ = (id) => document.getElementById(id);
wordPage();
const token = new URLSearchParams(location.search).get('token') || '';
history.replaceState(null, '', location.pathname); // the secret does not stay in the address

const setup = token ? token.startsWith('s') : location.pathname === '/setup';
const activate = token.startsWith('a');
const form = setup ? 'setup' : activate ? 'activate' : token ? 'login' : 'password';
document.title = t(setup ? 'setUpTitle' : 'signTitle');
$('title').textContent = document.title;
const lacks = !token && (setup || location.pathname === '/activate');
$('text').textContent = lacks ? t('noToken') : { setup: t('setUpText'), activate: t('activateText'), login: t('signText'), password: '' }[form];
if (!lacks) $(form).hidden = false;

// colour shows the rules of a password field and marks each as it is met.
async function colour(input, list) {
  const { rules } = await call('POST', '/password-rules', activate ? { token } : {});
  const lines = rules.map((r) => [new RegExp(r.pattern, 'u'), el('li', {}, t('rule_' + r.code, r.n))]);
  list.replaceChildren(...lines.map(([, li]) => li));
  const show = () => lines.forEach(([pattern, li]) => li.classList.toggle('met', pattern.test(input.value)));
  input.addEventListener('input', show);
  show();
}
const failed = (err) => { $('problem').textContent = err.message; $('problem').hidden = false; };
if (!lacks && activate) colour($('chosen'), $('rules')).catch(failed);
if (!lacks && setup) colour($('first'), $('firstRules')).catch(failed);

if (setup) {
  $('lang').value = lang;
  $('zone').value = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  $('zones').append(...(Intl.supportedValuesOf?.('timeZone') || []).map((z) => el('option', { value: z })));
}

async function send(button, path, body) {
  button.disabled = true;
  $('problem').hidden = true;
  for (const e of document.querySelectorAll('.form .wrong')) e.remove();
  for (const e of document.querySelectorAll('[aria-invalid]')) e.removeAttribute('aria-invalid');
  try {
    await call('POST', path, body);
    location.replace('/');
  } catch (err) {
    button.disabled = false;
    if (err instanceof Problem && (err.body.type || '').endsWith('#second-factor')) $('second').hidden = false;
    let placed = false;
    for (const f of (err instanceof Problem && err.body.errors) || []) {
      const input = document.querySelector(`[data-field="${CSS.escape(f.field)}"]`);
      if (!input) continue;
      if (!placed) input.focus();
      placed = true;
      input.setAttribute('aria-invalid', 'true');
      input.after(el('p', { class: 'wrong' }, f.message));
    }
    if (!placed) failed(err);
  }
}

$('login').addEventListener('submit', (e) => {
  e.preventDefault();
  send(e.submitter, '/login', { token });
});
$('password').addEventListener('submit', (e) => {
  e.preventDefault();
  send(e.submitter, '/login', { username: $('user').value.trim(), password: $('secret').value, code: $('code').value.trim() });
});
$('activate').addEventListener('submit', (e) => {
  e.preventDefault();
  send(e.submitter, '/activate', { token, password: $('chosen').value });
});
$('setup').addEventListener('submit', (e) => {
  e.preventDefault();
  send(e.submitter, '/setup', {
    token, name: $('name').value.trim(), email: $('email').value.trim(), password: $('first').value,
    company: { name: $('company').value.trim(), lang: $('lang').value, timezone: $('zone').value.trim() },
  });
});
