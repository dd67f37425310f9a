// The dialog that explains an event: the two fixes, the distance to the edge,
// the tests passed, and every message that it led to.

import { Problem, call } from './api.js';
import { sentence } from './panel.js';
import { el, number, span, t, when } from './text.js';

const place = (lat, lon) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

export async function explain(world, me, e) {
  const box = document.getElementById('why'), tr = e.trace;
  const fence = world.fences.get(e.fence)?.name || t('someFence');
  const steps = el('ol', { class: 'steps' });
  steps.append(el('li', {}, tr.priorTime ? t('before', when(Date.parse(tr.priorTime)), place(tr.priorLat, tr.priorLon)) : t('first')));
  steps.append(el('li', {}, t('at', when(e.ms), place(e.lat, e.lon))));
  if (tr.edgeMetres !== undefined) {
    steps.append(el('li', {}, t(tr.edgeMetres < 0 ? 'edgeIn' : 'edgeOut', number.format(Math.abs(tr.edgeMetres)), fence)));
  }
  steps.append(el('li', {}, t('received', span(Date.parse(e.received) - e.ms))));
  const flags = ['late', 'inferred', 'amended', 'retracted', 'placeless'].filter((f) => e[f]).map((f) => el('span', { class: 'tag' }, t(f)));
  const gates = (tr.gates || []).map((g) => el('span', { class: 'tag good' }, g));
  const told = el('div', {}, '…');
  box.replaceChildren(el('div', { class: 'inner' },
    el('header', {}, el('h2', { id: 'why-title' }, sentence(world, e)),
      el('button', { type: 'button', class: 'quiet', 'aria-label': t('close'), onclick: () => box.close() }, '✕')),
    el('section', {}, el('h3', {}, t('whyTitle')), steps),
    flags.length || gates.length ? el('section', {}, el('h3', {}, t('gates')), el('div', { class: 'gates' }, ...gates, ...flags)) : null,
    el('section', {}, el('h3', {}, t('told')), told)));
  box.showModal();
  told.replaceChildren(...await deliveries(me, e));
}

async function deliveries(me, e) {
  if (!me.may['delivery.read']) return [t('notYours')];
  try {
    const { items } = await call('GET', `/deliveries?event=${e.id}`);
    return items.length ? items.map(message) : [t('nobody')];
  } catch (err) {
    return [err instanceof Problem ? err.message : String(err)];
  }
}

function message(d) {
  const last = d.attempts.at(-1), kind = { sent: 'good', failed: 'bad' }[d.state] || '';
  return el('div', { class: 'send' },
    el('div', { class: 'top' }, el('b', {}, `${d.channel.toUpperCase()} ${last?.to || ''}`), el('span', { class: 'tag ' + kind }, t(d.state))),
    d.reason ? el('div', {}, d.reason) : null,
    ...d.attempts.map((a) => el('div', {}, `${when(Date.parse(a.at))} · ${a.provider} · ${a.took} ms `,
      el('code', {}, a.error || a.answer || ''))));
}
