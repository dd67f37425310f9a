// Shows the OpenAPI document: operations by resource, with their fields,
// examples and the roles that may.

const languages = { es: ['API de Vigia', 'Problemas'], pt: ['API do Vigia', 'Problemas'], fr: ['API de Vigia', 'Problèmes'] };
const words = navigator.languages.map((l) => (l.startsWith('en') ? ['Vigia API', 'Problems'] : languages[l.slice(0, 2)])).find(Boolean) || ['Vigia API', 'Problems'];

function el(name, attrs = {}, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attrs)) if (v !== null && v !== undefined && v !== false) e.setAttribute(k, v === true ? '' : v);
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

const spec = await fetch('/api/openapi.json').then((r) => r.json());
document.title = words[0];
const toc = document.getElementById('toc'), doc = document.getElementById('doc');
const deref = (s) => (s?.$ref ? spec.components.schemas[s.$ref.split('/').pop()] : s) || {};

doc.replaceChildren(el('h1', {}, `${spec.info.title} ${spec.info.version}`), ...spec.info.description.split('`').reduce((p, s, i) => {
  p[0].append(i % 2 ? el('code', {}, s) : s);
  return p;
}, [el('p')]));

const groups = new Map();
for (const [path, item] of Object.entries(spec.paths)) {
  for (const [method, op] of Object.entries(item)) {
    const tag = op.tags?.[0] || '';
    groups.set(tag, [...(groups.get(tag) || []), { path, method, op }]);
  }
}
const order = ['get', 'post', 'put', 'delete'];
for (const [tag, ops] of [...groups].sort()) {
  toc.append(el('h2', {}, tag));
  doc.append(el('h2', {}, tag));
  for (const o of ops.sort((a, b) => a.path.localeCompare(b.path) || order.indexOf(a.method) - order.indexOf(b.method))) {
    toc.append(el('a', { href: '#' + o.op.operationId }, o.op.summary));
    doc.append(operation(o));
  }
}
toc.append(el('h2', {}, words[1]));
doc.append(el('h2', {}, words[1]));
for (const [code, p] of Object.entries(spec['x-problems'] || {})) {
  toc.append(el('a', { href: '#' + code }, p.title));
  doc.append(el('section', { class: 'op', id: code }, el('h3', {}, el('span', { class: 'verb delete' }, String(p.status)), p.title), el('p', {}, p.detail)));
}
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();

function operation({ path, method, op }) {
  const body = op.requestBody?.content['application/json'];
  const ok = Object.entries(op.responses).find(([code]) => code.startsWith('2'));
  const roles = Object.entries(op['x-authz'].roles).map(([role, reach]) => el('span', { class: 'tag' }, `${role}: ${reach}`));
  const params = (op.parameters || []).filter((p) => !p.hidden);
  return el('section', { class: 'op', id: op.operationId },
    el('h3', {}, el('span', { class: 'verb ' + method }, method.toUpperCase()), el('code', { class: 'path' }, path)),
    el('p', {}, [op.summary, op.description].filter(Boolean).join('. ').replaceAll('..', '.')),
    params.length ? table(params.map((p) => [p.name, `${p.in}${p.required ? ' *' : ''}`, kind(p.schema), p.description || p.schema.description || ''])) : null,
    body ? el('details', {}, el('summary', {}, 'Body'), fields(deref(body.schema)), body.example ? el('pre', {}, JSON.stringify(body.example, null, 2)) : null) : null,
    ok?.[1].content ? el('details', {}, el('summary', {}, `Answer ${ok[0]}`), fields(deref(ok[1].content['application/json'].schema))) : null,
    el('div', { class: 'roles' }, ...roles));
}

function fields(schema, depth = 0) {
  const rows = [];
  for (const [name, raw] of Object.entries(schema.properties || {})) {
    const s = deref(raw), items = deref(s.items);
    rows.push([name, (schema.required || []).includes(name) ? '*' : '', kind(raw), raw.description || s.description || '']);
    const inner = s.properties ? s : items.properties ? items : null;
    if (inner && depth < 2) for (const [n, r] of Object.entries(inner.properties)) rows.push([`${name}${s.items ? '[]' : ''}.${n}`, (inner.required || []).includes(n) ? '*' : '', kind(r), r.description || deref(r).description || '']);
  }
  return table(rows);
}

function kind(raw) {
  const s = deref(raw), type = [s.type].flat().filter((x) => x !== 'null').join(' or ');
  if (type === 'array') return `${kind(s.items || {})}[]`;
  return s.enum ? s.enum.join(' | ') : [type, s.format].filter(Boolean).join(', ');
}

function table(rows) {
  return el('table', {}, el('tbody', {}, ...rows.map(([name, a, b, c]) => el('tr', {}, el('td', {}, el('code', {}, name), ' ', a), el('td', {}, b), el('td', {}, c)))));
}
