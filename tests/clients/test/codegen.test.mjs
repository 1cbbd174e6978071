// graphql-codegen from introspection of the live endpoint, then the TypeScript compiler over code that uses the result.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { test } from 'node:test';
import '../harness.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const run = (script, ...args) =>
  promisify(execFile)(process.execPath, [`${folder}node_modules/${script}`, ...args], { cwd: folder })
    .catch((error) => assert.fail(`${script}: ${error.stdout}${error.stderr}`));

test('generates typed documents from introspection, and TypeScript accepts their use', async () => {
  await rm(`${folder}.generated`, { recursive: true, force: true });
  await run('@graphql-codegen/cli/cjs/bin.js', '--config', 'codegen.mjs');
  const generated = await readFile(`${folder}.generated/operations.ts`, 'utf8');
  for (const name of [
    'UsersWithOrders', 'Me', 'PlaceOrder', 'ProductById', 'FirstProducts', 'ProductsOnStock', 'OrderOutcome', 'Notifications',
  ]) {
    assert.ok(generated.includes(`export const ${name}Document`), `${name}Document was generated`);
  }
  await run('typescript/bin/tsc', '--project', 'typed', '--noEmit');
});
