// The list of devices, the feed of events, and the card of the chosen device.

import { ago, el, number, t, when } from './text.js';

const $ = (id) => document.getElementById(id);
const compass = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'];
const SHOWN = 300; // rows of the list; the search finds the others

export function deviceLine(d) {
  if (!d.time) return t('never');
  const parts = [t(d.state)];
  if (d.state === 'moving') parts.push(t('kmh', number.format(Math.round(d.speed))));
  if (d.plate) parts.push(d.plate);
  return parts.join(' · ');
}

export class List {
  constructor(world, choose) {
    this.world = world;
    this.choose = choose;
    this.rows = new Map();
    $('find').addEventListener('input', () => this.render());
  }

  render() {
    const words = $('find').value.trim().toLowerCase(), list = $('list');
    const all = [...this.world.devices.values()];
    const found = all.filter((d) => !words || `${d.name} ${d.plate} ${d.uniqueId}`.toLowerCase().includes(words));
    found.sort((a, b) => b.last - a.last || (b.time > 0) - (a.time > 0) || a.name.localeCompare(b.name));
    $('count').textContent = all.length ? `${all.filter((d) => d.state !== 'silent').length} / ${all.length}` : '';
    const wanted = found.slice(0, SHOWN);
    // Under the pointer rows keep their places, so that a click meets its row.
    const still = list.matches(':hover') && list.children.length === wanted.length && words === this.words;
    this.words = words;
    wanted.forEach((d, i) => {
      const row = this.row(d);
      if (!still && list.children[i] !== row.li) list.insertBefore(row.li, list.children[i] || null);
    });
    if (still) return;
    while (list.children.length > wanted.length) list.lastChild.remove();
    if (words && !found.length) list.append(el('li', { class: 'empty' }, t('nothingFound')));
  }

  // row updates a device's row, or makes it: rows are kept, so focus stays.
  row(d) {
    let row = this.rows.get(d.id);
    if (!row) {
      const dot = el('span', { class: 'dot' }), name = el('b'), time = el('time'), sub = el('span', { class: 'sub' });
      const button = el('button', { type: 'button', class: 'item', onclick: () => this.choose(d.id) }, dot, name, time, sub);
      this.rows.set(d.id, row = { li: el('li', {}, button), button, dot, name, time, sub });
    }
    row.dot.className = 'dot ' + (d.alarmed ? 'alarm' : d.state);
    set(row.name, d.name);
    set(row.time, d.time ? ago(d.time) : '');
    set(row.sub, deviceLine(d));
    row.button.setAttribute('aria-pressed', String(d.id === this.world.selected));
    return row;
  }
}

const set = (e, text) => { if (e.textContent !== text) e.textContent = text; };

export function sentence(world, e) {
  const name = world.devices.get(e.device)?.name || e.device;
  return t(e.kind, name, e.kind === 'alarm' ? e.alarm : world.fences.get(e.fence)?.name || t('someFence'));
}

// halves are the device and what became of it, for two lines.
function halves(world, e) {
  const name = world.devices.get(e.device)?.name || e.device;
  const rest = sentence(world, e).replace(name, '').replace(/^[\s:]+/, '');
  return [name, rest];
}

export class Feed {
  constructor(world, explain) {
    this.world = world;
    this.explain = explain;
    this.rows = new Map();
  }

  render() {
    const list = $('events');
    if (list.matches(':hover') && list.children.length) return; // what is being read stays
    $('no-events').hidden = this.world.events.length > 0;
    this.world.events.forEach((e, i) => {
      let li = this.rows.get(e.id);
      if (li && li.event !== e) { // revised
        li.remove();
        li = null;
      }
      if (!li) {
        const flags = ['late', 'inferred', 'amended', 'retracted', 'placeless'].filter((f) => e[f]);
        const button = el('button', { type: 'button', class: 'item', title: t('why'), onclick: () => this.explain(e) },
          el('span', { class: 'mark ' + e.kind }), el('b'), el('time', { datetime: e.time }, when(e.ms)),
          el('span', { class: 'sub' }, el('span'), ...flags.map((f) => el('span', { class: 'tag' }, t(f)))));
        this.rows.set(e.id, li = el('li', { class: e.retracted ? 'untrue' : Date.now() - e.ms < 15e3 ? 'fresh' : null }, button));
        li.event = e;
      }
      const [name, rest] = halves(this.world, e);
      set(li.querySelector('b'), name);
      set(li.querySelector('.sub span'), rest);
      if (list.children[i] !== li) list.insertBefore(li, list.children[i] || null);
    });
    while (list.children.length > this.world.events.length) list.lastChild.remove();
    for (const id of this.rows.keys()) if (!this.world.known.has(id)) this.rows.delete(id);
  }
}

export function card(world, close) {
  const box = $('card'), d = world.devices.get(world.selected);
  box.hidden = !d;
  if (!d) return;
  const facts = el('dl', { class: 'facts' });
  const fact = (k, v) => { if (v) facts.append(el('dt', {}, t(k)), el('dd', {}, v)); };
  fact('seen', d.time ? `${ago(d.time)} · ${when(d.time)}` : t('never'));
  if (d.point) {
    fact('speed', d.speed === undefined ? '' : t('kmh', number.format(d.speed)));
    fact('course', d.course === undefined ? '' : `${Math.round(d.course)}° ${compass[Math.round(d.course / 45) % 8]}`);
    fact('place', `${d.lat.toFixed(5)}, ${d.lon.toFixed(5)}`);
  }
  fact('plate', d.plate);
  fact('source', [d.protocol, d.uniqueId].filter(Boolean).join(' · '));
  box.replaceChildren(
    el('h3', {}, el('span', { class: 'dot ' + (d.alarmed ? 'alarm' : d.state) }), ' ', d.name),
    el('button', { type: 'button', class: 'quiet close', 'aria-label': t('close'), onclick: close }, '✕'), facts);
}
