// The map page: signs in, loads what there is, follows the stream.

import { Problem, all, call } from './api.js';
import { colours, draw, metres, whenLandCame } from './draw.js';
import { Feed, List, card } from './panel.js';
import { offerPush } from './push.js';
import { Stream } from './stream.js';
import { el, number, t, wordPage } from './text.js';
import { View } from './view.js';
import { explain } from './why.js';
import { World } from './world.js';

const $ = (id) => document.getElementById(id);
wordPage();
start();

async function start() {
  try {
    const me = await call('GET', '/me');
    await run(me);
  } catch (err) {
    if (!(err instanceof Problem) || ![401, 403, 429].includes(err.status)) throw err;
    welcome(err);
  }
}

function welcome(problem) {
  $('welcome').hidden = false;
  $('app').hidden = true;
  if (!problem.body.type?.endsWith('#sign-in')) {
    $('why-not').textContent = problem.message;
    $('why-not').className = 'note';
  }
  $('paste').addEventListener('submit', (e) => {
    e.preventDefault();
    const token = $('link').value.trim().split('token=').pop();
    location.href = `/${token.startsWith('s') ? 'setup' : 'login'}?token=${encodeURIComponent(token)}`;
  });
}

async function run(me) {
  const world = new World(), canvas = $('map');
  $('app').hidden = false;
  $('company').textContent = [me.company?.name, me.user.name].filter(Boolean).join(' · ');
  $('out').hidden = false;
  $('out').addEventListener('click', async () => {
    await call('POST', '/logout');
    location.reload();
  });
  offerPush($('push')).catch(() => {});

  let dirty = true, listDirty = true, scheme = colours();
  const view = new View(canvas, () => { dirty = true; });
  const choose = (id, jump = true) => {
    world.selected = world.selected === id ? '' : id;
    const d = world.devices.get(world.selected);
    if (d?.point && jump) view.centre(d.point, 13);
    dirty = listDirty = true;
  };
  const list = new List(world, choose), feed = new Feed(world, (e) => explain(world, me, e));
  const fit = () => view.fit(world.shown());
  view.onfit = fit;
  view.onpick = (x, y) => {
    const crowd = world.clusters?.find((k) => Math.hypot(k.x - x, k.y - y) < k.r + 6);
    if (crowd) {
      view.touched = true;
      view.fit(crowd.points);
      return;
    }
    let best = null, near = 22;
    for (const d of world.devices.values()) {
      const far = d.px ? Math.hypot(d.px[0] - x, d.px[1] - y) : Infinity;
      if (far < near) [best, near] = [d, far];
    }
    if (best) choose(best.id, false);
    else if (world.selected) choose(world.selected);
  };
  $('zoom-in').addEventListener('click', () => view.zoomAt(view.width / 2, view.height / 2, 1));
  $('zoom-out').addEventListener('click', () => view.zoomAt(view.width / 2, view.height / 2, -1));
  $('fit').addEventListener('click', fit);
  new ResizeObserver(() => { dirty = true; }).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { scheme = colours(); dirty = true; });
  whenLandCame(() => { dirty = true; });

  const loadNames = async () => {
    const [devices, fences] = await Promise.all([all('/devices'), me.may['fence.read'] ? all('/fences') : []]);
    world.name(devices);
    world.fences.clear();
    fences.forEach((f) => world.fence(f));
    listDirty = dirty = true;
    await empty(world, me);
  };
  const loadEvents = async () => {
    if (!me.may['event.read']) return;
    for (const e of (await call('GET', '/events?limit=100')).items) world.happen(e);
    listDirty = true;
  };
  await Promise.all([loadNames(), loadEvents()]);
  fit();

  let stale = 0; // when names were asked for because of something unknown
  const refresh = () => {
    if (Date.now() - stale < 5000) return;
    stale = Date.now();
    loadNames().catch(() => {});
  };
  let first = true;
  const stream = !me.may['stream.read'] ? null : new Stream({
    onmessage(m) {
      for (const id of m.gone || []) {
        world.devices.delete(id);
        if (world.selected === id) world.selected = '';
      }
      for (const p of m.positions || []) if (!world.place(p).named) refresh();
      for (const e of m.events || []) {
        world.happen(e);
        if (e.fence && !world.fences.has(e.fence)) refresh();
      }
      if (m.type === 'snapshot' && !first) loadEvents().catch(() => {});
      if (first && m.positions?.length && !view.touched) fit();
      if (m.positions?.length) first = false;
      const d = world.devices.get(world.selected);
      if (d?.point && !view.touched) view.centre(d.point);
      dirty = listDirty = true;
    },
    onstate(state) {
      if (state === 'out') location.reload();
      $('state').className = state === 'live' ? 'state live' : 'state';
      $('state').textContent = t(state === 'live' ? 'live' : 'connecting');
    },
  });

  setInterval(() => {
    const down = stream?.down() || 0;
    $('down').hidden = down <= 5;
    if (down > 5) $('down').textContent = t('down', Math.round(down));
    for (const d of world.devices.values()) world.judge(d);
    dirty = listDirty = true;
  }, 1000);
  setInterval(refresh, 60e3);

  let listAt = 0;
  const paint = (now) => {
    if (dirty && view.width) {
      dirty = false;
      draw(canvas, view, world, scheme);
      scaleBar(view);
    }
    if (listDirty && now - listAt > 250) {
      listDirty = false;
      listAt = now;
      list.render();
      feed.render();
      card(world, () => choose(world.selected));
      $('empty').hidden = world.devices.size > 0;
      document.documentElement.dataset.ready = 'yes';
    }
    requestAnimationFrame(paint);
  };
  requestAnimationFrame(paint);
  document.addEventListener('keydown', (e) => {
    if (e.key === '/' && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) {
      e.preventDefault();
      $('find').focus();
    } else if (e.key === 'Escape' && world.selected && !$('why').open) choose(world.selected);
  });
}

function scaleBar(view) {
  const per = metres(view, [view.x, view.y]);
  let m = 10 ** Math.floor(Math.log10(110 / per));
  for (const k of [5, 2]) if (m * k * per <= 110) { m *= k; break; }
  const bar = $('scale').firstElementChild;
  bar.style.width = `${m * per}px`;
  bar.textContent = m >= 1000 ? `${number.format(m / 1000)} km` : `${number.format(m)} m`;
}

// empty says the next step where there is no device.
async function empty(world, me) {
  const box = $('empty');
  if (world.devices.size) return;
  if (!me.may['device.create']) {
    box.replaceChildren(t('noneYours'));
    return;
  }
  const parts = [el('h3', {}, t('none')), el('p', {}, t('noneHow')),
    el('pre', {}, `curl -X POST ${location.origin}/api/v1/devices \\\n  -H 'Authorization: Bearer …' \\\n  -H 'Content-Type: application/json' \\\n  -d '{"name":"Truck 12","uniqueId":"990000862471854"}'`)];
  if (me.may['stranger.read']) {
    const { items } = await call('GET', '/strangers').catch(() => ({ items: [] }));
    if (items.length) parts.push(el('p', {}, t('strangers', items.length)));
    for (const s of items.slice(0, 20)) {
      parts.push(el('p', {}, el('code', {}, `${s.protocol} ${s.uniqueId} `), el('button', {
        type: 'button', onclick: async () => {
          const name = prompt(t('adoptName', s.uniqueId), s.uniqueId);
          if (!name) return;
          await call('POST', `/strangers/${encodeURIComponent(s.uniqueId)}/adopt`, { name });
          location.reload();
        },
      }, t('adopt'))));
    }
  }
  box.replaceChildren(...parts);
}
