// Subgraphs of other makes: each told for its `_service { sdl }`, composed by our program, and asked through our router
// for entities, for a value that fails, and for fields that require what another make has.
//
//   node run.mjs --binary …/supergraph --python …/bin/python --gqlgen …/gqlgen-subgraph
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { binary: { type: 'string' }, python: { type: 'string' }, gqlgen: { type: 'string' } },
});
const here = (name) => new URL(name, import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), 'makes-'));
const running = [];

/** Starts a program and gives the URL that it says it listens on. */
async function start(command, ...parameters) {
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => {
      text += data;
      const found = /listening on (http:[^ \n]+)/.exec(text);
      if (found) resolve(found[1]);
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${command} ${parameters[0] ?? ''} ended with ${code}`)));
  });
}

const QUERY = `{
  products { upc name price weight freight recall count insurance audit rating worth secret discount bulk quote }
}`;
const product = (upc, name, price, weight, number) => ({
  upc, name, price, weight, freight: weight * 2, recall: number === 2 ? null : `none for ${upc}`,
  count: number * 10, insurance: Math.round(price / 10), audit: number === 2 ? null : `fine for ${upc}`,
  rating: 6 - number, worth: price * (6 - number), secret: number === 2 ? null : `known for ${upc}`,
  discount: number * 5, bulk: Math.floor(weight / 10), quote: number === 2 ? null : `good for ${upc}`,
});
const EXPECTED = { products: [product('1', 'Table', 900, 100, 1), product('2', 'Couch', 1300, 1000, 2), product('3', 'Chair', 50, 30, 3)] };

try {
  const subgraphs = {
    apollo: await start(process.execPath, here('apollo/subgraph.mjs')),
    yoga: await start(process.execPath, here('yoga/subgraph.mjs')),
    strawberry: await start(options.python, here('strawberry/subgraph.py')),
    gqlgen: await start(options.gqlgen),
  };
  const manifest = join(folder, 'supergraph.yaml');
  await writeFile(manifest, JSON.stringify({
    subgraphs: Object.fromEntries(Object.entries(subgraphs).map(([name, url]) => [name, { routing_url: url, schema: { subgraph_url: url } }])),
  }));
  const supergraph = join(folder, 'supergraph.graphql');
  const composing = spawn(options.binary, ['compose', '--config', manifest, '--output', supergraph], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(composing, 'exit');
  assert.equal(code, 0, 'composition');
  const config = join(folder, 'router.yaml');
  await writeFile(config, 'errors: { messages: pass, subgraph_names: show }\n');
  const router = await start(options.binary, 'router', '--supergraph', supergraph, '--config', config, '--listen', '127.0.0.1:0');
  const answer = await fetch(`${router}/graphql`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: QUERY }),
  });
  const { data, errors } = await answer.json();
  assert.deepEqual(data, EXPECTED, JSON.stringify(errors));
  const told = errors.map(({ path, message, extensions }) => [path.join('.'), extensions.service, message]).sort();
  const places = told.map(([path, service]) => `${path} ${service}`);
  assert.deepEqual(places, ['products.1.audit yoga', 'products.1.quote gqlgen', 'products.1.recall apollo', 'products.1.secret strawberry']);
  const messages = told.map(([, , message]) => message);
  assert.deepEqual(messages, ['the audit is not done', 'no quote today', 'the recall list is closed', 'the secret is kept']);
  console.log('makes: apollo, yoga, strawberry and gqlgen compose and answer: 3 entities each, 4 required fields, 4 errors at their paths');
} finally {
  for (const child of running) {
    child.removeAllListeners('exit');
    child.kill();
  }
  await rm(folder, { recursive: true, force: true });
}
