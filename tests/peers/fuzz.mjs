// Random operations, answered by the router under test and by npm's @apollo/gateway over the same supergraph and the same
// made-up subgraphs; their data must be equal, and its order the one that graphql-js gives it. Where the peer answers with
// errors, nothing is compared.
//
//   node fuzz.mjs --binary target/debug/supergraph --case tests/fixtures/federation-cases/abstract-types \
//     [--count 200] [--seed 1] [--show 3]
//
// Prints {"case", "compared", "skipped", "different"}, and each difference on stderr; exit 1 if there are any.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSchema, execute, parse, print, printSchema, validate, visit } from 'graphql';
import { randomOperation, randomizer } from './operations.mjs';
import { serve, world } from './mock-subgraphs.mjs';

process.env.APOLLO_TELEMETRY_DISABLED = 'true';
const { values: options } = parseArgs({
  options: {
    binary: { type: 'string' }, case: { type: 'string' }, count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' }, show: { type: 'string', default: '3' },
  },
});
const folder = resolve(options.case);
const subgraphs = JSON.parse(readFileSync(join(folder, 'subgraphs.json'), 'utf8')).map(({ name, url, file }) => ({ name, url, file: join(folder, file), sdl: readFileSync(join(folder, file), 'utf8') }));
const scratch = mkdtempSync(join(tmpdir(), 'fuzz-'));
const quiet = { debug() {}, info() {}, warn() {}, error: console.error };

async function compose() {
  const manifest = join(scratch, 'supergraph.yaml');
  writeFileSync(manifest, JSON.stringify({ subgraphs: Object.fromEntries(subgraphs.map(({ name, url, file }) => [name, { routing_url: url, schema: { file } }])) }));
  const output = join(scratch, 'supergraph.graphql');
  const composing = spawn(options.binary, ['compose', '--config', manifest, '--output', output], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(composing, 'exit');
  if (code !== 0) throw new Error(`compose exits with ${code}`);
  return output;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function startRouter(supergraph, base) {
  const port = await freePort();
  const urls = subgraphs.flatMap(({ name }) => ['--subgraph-url', `${name}=${base}/${encodeURIComponent(name)}`]);
  const router = spawn(options.binary, ['router', '--supergraph', supergraph, '--listen', `127.0.0.1:${port}`, ...urls], { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 200; tries += 1) {
    if (router.exitCode !== null) throw new Error('the router does not start');
    if (await fetch(`${origin}/health/ready`).then((answer) => answer.ok, () => false)) return { router, origin };
    await new Promise((done) => { setTimeout(done, 50); });
  }
  throw new Error('the router is not ready in time');
}

const supergraph = await compose();
let mocks = {};
const calls = [];
const { base, stop } = await serve(new Proxy({}, { get: (_, name) => mocks[name] }), (call) => calls.push(call));
const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(supergraph, 'utf8'),
  buildService: ({ name }) => new RemoteGraphQLDataSource({ url: `${base}/${encodeURIComponent(name)}` }),
  logger: quiet,
});
const peer = new ApolloServer({ gateway, introspection: true, logger: quiet, includeStacktraceInErrorResponses: false });
let apiSchema;
gateway.onSchemaLoadOrUpdate(({ apiSchema: loaded }) => { apiSchema = buildSchema(printSchema(loaded)); });
await peer.start();
mocks = world(apiSchema, subgraphs);
const { router, origin } = await startRouter(supergraph, base);

/** The first place where two answers part, as `path: ours / theirs`; nothing if they are equal, in whatever order. */
function parting(ours, theirs, path = 'data') {
  if (ours === theirs) return undefined;
  const isTree = (value) => value !== null && typeof value === 'object';
  if (!isTree(ours) || !isTree(theirs) || Array.isArray(ours) !== Array.isArray(theirs)) {
    return `${path}: ours ${JSON.stringify(ours)?.slice(0, 200)} / theirs ${JSON.stringify(theirs)?.slice(0, 200)}`;
  }
  const [left, right] = [Object.keys(ours).sort(), Object.keys(theirs).sort()];
  if (String(left) !== String(right)) return `${path}: our keys ${left} / their keys ${right}`;
  for (const key of left) {
    const found = parting(ours[key], theirs[key], `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

/** Asks for every object's type under an alias of its own, by which graphql-js can tell types when it replays an answer. */
const typed = (query) => print(visit(parse(query), {
  SelectionSet: { leave: (node) => ({ ...node, selections: [...node.selections, TYPE_FIELD] }) },
}));
const TYPE_FIELD = parse('{ t_: __typename }').definitions[0].selectionSet.selections[0];

/** Whether graphql-js, fed with our answer, would write the same bytes: the order of keys, and nothing left over. */
async function misordered(operation, data) {
  const replayed = await execute({
    schema: apiSchema, document: parse(operation.query), rootValue: data, variableValues: operation.variables,
    fieldResolver: (source, _arguments, _context, { path }) => source[path.key], typeResolver: (source) => source.t_,
  });
  if (replayed.errors) return `graphql-js refuses the answer: ${replayed.errors[0].message} at ${replayed.errors[0].path}`;
  const [ours, theirs] = [JSON.stringify(data), JSON.stringify(replayed.data)];
  if (ours === theirs) return undefined;
  const at = [...ours].findIndex((letter, index) => letter !== theirs[index]);
  return `order: ours ${ours.slice(Math.max(0, at - 80), at + 40)} / graphql-js ${theirs.slice(Math.max(0, at - 80), at + 40)}`;
}

/** What is different about an operation: nothing, or a line; undefined data means that it can't be compared. */
async function tried(operation) {
  if (validate(apiSchema, parse(operation.query)).length > 0) return { compared: false };
  calls.length = 0;
  const theirs = (await peer.executeOperation(operation)).body.singleResult;
  const theirCalls = calls.splice(0);
  // The peer fills what breaks the schema with null and says so in an extension; its errors are worse than ours.
  if (theirs.errors?.length > 0 || theirs.extensions?.valueCompletion) return { compared: false };
  const answer = await fetch(`${origin}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(operation) });
  const ours = JSON.parse(await answer.text());
  const errors = ours.errors ? `errors ${JSON.stringify(ours.errors).slice(0, 600)}` : undefined;
  const difference = errors ?? parting(ours.data, theirs.data) ?? (operation.query.includes('t_: __typename') ? await misordered(operation, ours.data) : undefined);
  return { compared: true, difference, ourCalls: calls.splice(0), theirCalls };
}

/** Operations with one selection or directive fewer. */
function* smaller(query) {
  let places = 0;
  visit(parse(query), { SelectionSet: ({ selections }) => { places += selections.length; } });
  for (let place = 0; place < places; place += 1) {
    let at = -1;
    const without = visit(parse(query), {
      SelectionSet(node) {
        const selections = node.selections.filter((each) => { at += 1; return at !== place || each.alias?.value === 't_'; });
        return selections.length === node.selections.length || selections.length === 0 ? undefined : { ...node, selections };
      },
    });
    yield print(without);
  }
}

async function shrunk(operation) {
  let smallest = operation;
  for (let progress = true; progress;) {
    progress = false;
    for (const query of smaller(smallest.query)) {
      const used = new Set([...query.replace(/^query[^{]*/, '').matchAll(/\$(\w+)/g)].map(([, name]) => name));
      const declared = parse(query);
      const pruned = print(visit(declared, { VariableDefinition: (node) => (used.has(node.variable.name.value) ? undefined : null) }));
      const spread = new Set([...pruned.matchAll(/\.\.\.(F\d+)/g)].map(([, name]) => name));
      const candidate = {
        query: print(visit(parse(pruned), { FragmentDefinition: (node) => (spread.has(node.name.value) ? undefined : null) })),
        variables: Object.fromEntries(Object.entries(smallest.variables).filter(([name]) => used.has(name))),
      };
      if (candidate.query.length < smallest.query.length && (await tried(candidate)).difference) {
        smallest = candidate;
        progress = true;
        break;
      }
    }
  }
  return smallest;
}

const random = randomizer(Number(options.seed) * 7919);
const tally = { case: basename(folder), compared: 0, skipped: 0, different: 0 };
for (let index = 0; index < Number(options.count); index += 1) {
  const operation = randomOperation(apiSchema, random);
  if (index % 2 === 1) operation.query = typed(operation.query);
  const { compared, difference } = await tried(operation);
  tally[compared ? 'compared' : 'skipped'] += 1;
  if (!difference) continue;
  tally.different += 1;
  if (tally.different > Number(options.show)) continue;
  const smallest = await shrunk(operation);
  const found = await tried(smallest);
  const brief = (list) => list.map(({ subgraph, query, variables, result }) => `    ${subgraph}: ${query} ${JSON.stringify(variables ?? {})} => ${JSON.stringify(result).slice(0, 500)}`).join('\n');
  console.error(`--- ${tally.case}, seed ${options.seed}, operation ${index}\n${smallest.query}\nvariables ${JSON.stringify(smallest.variables)}\n  ${found.difference}\n  our calls\n${brief(found.ourCalls)}\n  their calls\n${brief(found.theirCalls)}`);
}
router.kill('SIGTERM');
await peer.stop();
stop();
rmSync(scratch, { recursive: true, force: true });
console.log(JSON.stringify(tally));
process.exit(tally.different > 0 ? 1 : 0);
