// Opens one-time links: the set-up form of an empty installation, or a sign-in.

import { Problem, call } from './api.js';
import { el, lang, t, wordPage } from './text.js';

const $ = (id) => document.getElementById(id);
wordPage();
const token = new URLSearchParams(location.search).get('token') || '';
history.replaceState(null, '', location.pathname); // the secret does not stay in the address

const setup = token ? token.startsWith('s') : location.pathname === '/setup';
document.title = t(setup ? 'setUpTitle' : 'signTitle');
$('title').textContent = document.title;
$('text').textContent = token ? t(setup ? 'setUpText' : 'signText') : t('noToken');
if (token) $(setup ? 'setup' : 'login').hidden = false;

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
    let placed = false;
    for (const f of (err instanceof Problem && err.body.errors) || []) {
      const input = document.querySelector(`[data-field="${CSS.escape(f.field)}"]`);
      if (!input) continue;
      if (!placed) input.focus();
      placed = true;
      input.setAttribute('aria-invalid', 'true');
      input.after(el('p', { class: 'wrong' }, f.message));
    }
    if (!placed) {
      $('problem').textContent = err.message;
      $('problem').hidden = false;
    }
  }
}

$('login').addEventListener('submit', (e) => {
  e.preventDefault();
  send(e.submitter, '/login', { token });
});
$('setup').addEventListener('submit', (e) => {
  e.preventDefault();
  send(e.submitter, '/setup', {
    token, name: $('name').value.trim(), email: $('email').value.trim(),
    company: { name: $('company').value.trim(), lang: $('lang').value, timezone: $('zone').value.trim() },
  });
});
