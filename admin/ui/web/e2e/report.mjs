// Tells the tests' results twice: readable, and as lines of `go test -json`
// into the file that E2E_JSON names, so that one command counts both.
import { appendFileSync } from 'node:fs';

const file = process.env.E2E_JSON;
let passed = 0, failed = 0, skipped = 0;

export default async function* report(source) {
  const path = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      path.length = data.nesting;
      path.push(data.name);
    }
    if (type === 'test:pass' || type === 'test:fail') {
      const isFile = data.nesting === 0 && data.name.endsWith('.mjs');
      const name = [...path.slice(0, data.nesting), data.name].join('/').replaceAll(' ', '_');
      const action = data.skip !== undefined ? 'skip' : type === 'test:pass' ? 'pass' : 'fail';
      if (!isFile && data.details?.type !== 'suite') {
        if (action === 'pass') passed++;
        else if (action === 'skip') skipped++;
        else failed++;
        if (file) appendFileSync(file, JSON.stringify({ Action: action, Package: 'admin/ui/web/e2e', Test: name }) + '\n');
        yield `${'  '.repeat(data.nesting)}${{ pass: 'ok  ', fail: 'FAIL', skip: 'skip' }[action]}  ${data.name} (${(data.details.duration_ms / 1000).toFixed(1)} s)\n`;
      }
      if (action === 'fail' && data.details?.error) yield String(data.details.error.cause?.stack ?? data.details.error.stack ?? data.details.error) + '\n';
    }
  }
  yield `browser: ${passed} passed, ${failed} failed, ${skipped} skipped\n`;
}
