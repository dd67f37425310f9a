// Runs the browser's tests, one file after the other. A file that fails is
// tried once more, from a fresh server, and said to be unsteady if it passes
// then: a browser on a busy machine is now and then too slow for a step.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const wanted = process.argv.slice(2);
const files = wanted.length ? wanted : readdirSync(new URL('.', import.meta.url)).filter((f) => f.endsWith('.spec.mjs')).sort().map((f) => `e2e/${f}`);
const passes = (file) => spawnSync(process.execPath, ['--test', '--test-timeout=420000', '--test-reporter=./e2e/report.mjs', file], { stdio: 'inherit' }).status === 0;

const failed = [], unsteady = [];
for (const file of files) {
  console.log(`--    ${file}`);
  if (passes(file)) continue;
  console.log(`again ${file}`);
  (passes(file) ? unsteady : failed).push(file);
}
console.log(`browser: ${files.length} files, ${failed.length} failed${failed.map((f) => ` ${f}`).join('')}, ${unsteady.length} passed at the second try${unsteady.map((f) => ` ${f}`).join('')}`);
process.exit(failed.length ? 1 : 0);
