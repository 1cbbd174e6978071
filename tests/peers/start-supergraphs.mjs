// Other routers on our supergraphs: npm's @apollo/gateway and Hive Router start on what we compose of each suite, and answer
// the suite's operations as they do on the reference supergraph beside it, over the same made-up subgraphs.
//
//   node start-supergraphs.mjs --binary …/supergraph --hive …/hive_router [--suite NAME]
//
// Prints a line a suite and peer, {"suites", "operations", "different"} at the end; exit 1 if an answer differs or a router
// doesn't start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSchema, printSchema } from 'graphql';
import { serve, world } from './mock-subgraphs.mjs';

process.env.APOLLO_TELEMETRY_DISABLED = 'true';
const { values: options } = parseArgs({ options: { binary: { type: 'string' }, hive: { type: 'string' }, suite: { type: 'string' } } });
const fixtures = new URL('../fixtures/federation-cases/', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'peers-'));
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const CALL_MS = 10000;

let mocks = {};
const { base, stop } = await serve(new Proxy({}, { get: (_, name) => mocks[name] }), () => {});
const subgraphUrl = (name) => `${base}/${encodeURIComponent(name)}`;

async function compose(subgraphs) {
  const manifest = join(scratch, 'supergraph.yaml');
  const entries = subgraphs.map(({ name, url, file }) => [name, { routing_url: url, schema: { file } }]);
  writeFileSync(manifest, JSON.stringify({ subgraphs: Object.fromEntries(entries) }));
  const output = join(scratch, 'composed.graphql');
  const composing = spawn(options.binary, ['compose', '--config', manifest, '--output', output], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(composing, 'exit');
  if (code !== 0) throw new Error(`compose exits with ${code}`);
  return readFileSync(output, 'utf8');
}

/** The supergraph with the made-up subgraphs' URLs. */
const rerouted = (sdl) => sdl.replace(/(@join__graph\(\s*name:\s*"([^"]*)",\s*url:\s*)"[^"]*"/g, (_, head, name) => `${head}"${subgraphUrl(name)}"`);

/** Answers of @apollo/gateway; the made-up data is made for the first supergraph that it loads. */
async function apollo(sdl, operations, subgraphs) {
  const gateway = new ApolloGateway({
    supergraphSdl: sdl, logger: quiet,
    buildService: ({ name }) => new RemoteGraphQLDataSource({ url: subgraphUrl(name) }),
  });
  let api;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => { api = buildSchema(printSchema(apiSchema)); });
  const server = new ApolloServer({ gateway, introspection: true, logger: quiet, includeStacktraceInErrorResponses: false });
  await server.start();
  if (subgraphs) mocks = world(api, subgraphs);
  const answers = [];
  for (const operation of operations) {
    const { body } = await server.executeOperation(operation);
    answers.push(JSON.parse(JSON.stringify(body.singleResult)));
  }
  await server.stop();
  return answers;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Answers of Hive Router. */
async function hive(sdl, operations) {
  const path = join(scratch, 'hive.graphql');
  writeFileSync(path, sdl);
  const port = await freePort();
  const environment = { ...process.env, SUPERGRAPH_FILE_PATH: path, HOST: '127.0.0.1', PORT: String(port) };
  const router = spawn(options.hive, [], { cwd: scratch, stdio: 'ignore', env: environment });
  const url = `http://127.0.0.1:${port}/graphql`;
  const send = async (operation) => {
    const answer = await fetch(url, {
      method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(operation), signal: AbortSignal.timeout(CALL_MS),
    });
    return answer.json();
  };
  try {
    for (let tries = 0; ; tries += 1) {
      if (router.exitCode !== null) throw new Error('it does not start');
      if (await send({ query: '{ __typename }' }).then(({ data }) => data?.__typename, () => undefined)) break;
      if (tries === 200) throw new Error('it is not ready in time');
      await new Promise((done) => { setTimeout(done, 50); });
    }
    const answers = [];
    for (const operation of operations) answers.push(await send(operation));
    return answers;
  } finally {
    router.kill('SIGKILL');
  }
}

/** What of an answer has to be equal: the data, and where errors are. */
const comparable = ({ data, errors = [] }) => ({ data: data ?? null, errors: errors.map(({ path }) => (path ?? []).join('.')).sort() });

const suites = readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const total = { suites: 0, operations: 0, different: 0 };
for (const suite of suites.filter((name) => !options.suite || name === options.suite).sort()) {
  const folder = join(fixtures, suite);
  const subgraphs = JSON.parse(readFileSync(join(folder, 'subgraphs.json'), 'utf8'))
    .map(({ name, url, file }) => ({ name, url, file: join(folder, file), sdl: readFileSync(join(folder, file), 'utf8') }));
  const operations = JSON.parse(readFileSync(join(folder, 'tests.json'), 'utf8')).map(({ query, variables }) => ({ query, variables }));
  const reference = rerouted(readFileSync(join(folder, 'supergraph.graphql'), 'utf8'));
  total.suites += 1;
  try {
    const ours = rerouted(await compose(subgraphs));
    await apollo(reference, [], subgraphs);
    for (const [peer, ask] of [['@apollo/gateway', apollo], ...(options.hive ? [['Hive Router', hive]] : [])]) {
      const [expected, found] = [await ask(reference, operations), await ask(ours, operations)];
      const wrong = operations.filter((_, index) => !isDeepStrictEqual(comparable(expected[index]), comparable(found[index])));
      total.operations += operations.length;
      total.different += wrong.length;
      console.log(`${suite}: ${peer} ${operations.length - wrong.length} of ${operations.length} equal`);
      for (const operation of wrong) {
        const index = operations.indexOf(operation);
        console.error(`  ${operation.query.replace(/\s+/g, ' ')}\n    reference ${JSON.stringify(expected[index]).slice(0, 600)}\n    ours      ${JSON.stringify(found[index]).slice(0, 600)}`);
      }
    }
  } catch (error) {
    total.different += 1;
    console.error(`${suite}: ${error.message}`);
  }
}
stop();
rmSync(scratch, { recursive: true, force: true });
console.log(JSON.stringify(total));
process.exit(total.different > 0 ? 1 : 0);
