// Plans of ours beside those of npm's @apollo/query-planner and @graphql-hive/router-query-planner: how many requests
// to subgraphs, how many of them one after another, how many bytes of operations, and how long planning takes.
//
//   cargo build --release -p planner --example plans
//   node plans.mjs --ours ../../target/release/examples/plans [--count 10000] [--seed 1] [--only SUITE] [--show 20] \
//     [--peers apollo,hive]
//
// Operations: the benchmark's, every one of the federation audit's, and random ones on the same supergraphs and the
// shop's. Prints the sums as a table, and each operation for which a peer's plan is smaller; exit 1 if a peer needs
// fewer steps for one that isn't known to be wrong, or fewer requests in sum.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Supergraph } from '@apollo/federation-internals';
import { parse, validate } from 'graphql';
import { randomOperation, randomizer } from './operations.mjs';

const { values: options } = parseArgs({
  options: {
    ours: { type: 'string' }, count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' },
    only: { type: 'string' }, show: { type: 'string', default: '20' }, peers: { type: 'string', default: 'apollo,hive' },
  },
});
const here = import.meta.dirname;

/** A planner as a process that is started again when it aborts. */
class Planner {
  constructor(name, command, args) {
    Object.assign(this, { name, command, args });
  }
  start() {
    this.child = spawn(this.command, this.args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdin.on('error', () => {});
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    if (this.supergraph) this.send({ supergraph: this.supergraph });
  }
  send(line) {
    this.child.stdin.write(`${JSON.stringify(line)}\n`);
  }
  load(supergraph) {
    this.supergraph = supergraph;
    if (this.child) this.send({ supergraph });
    else this.start();
  }
  async plan(operation) {
    this.send(operation);
    const { value, done } = await this.lines.next();
    if (!done) return JSON.parse(value);
    this.start();
    return { error: 'the process ends' };
  }
  stop() {
    this.child?.stdin.end();
  }
}

const ours = new Planner('ours', options.ours, []);
const peers = options.peers.split(',').map((name) => new Planner(name, process.execPath, [join(here, 'plan-peer.mjs'), name]));

function folders() {
  const cases = join(here, '../fixtures/federation-cases');
  const suites = readdirSync(cases).filter((name) => existsSync(join(cases, name, 'tests.json')))
    .map((name) => ({ name, supergraph: join(cases, name, 'supergraph.graphql'), tests: JSON.parse(readFileSync(join(cases, name, 'tests.json'), 'utf8')) }));
  const bench = join(here, '../fixtures/bench');
  suites.push({ name: 'bench', supergraph: join(bench, 'supergraph.graphql'), tests: [JSON.parse(readFileSync(join(bench, 'query.json'), 'utf8'))] });
  suites.push({ name: 'shop', supergraph: join(here, '../../schema/supergraph.graphql'), tests: [] });
  return suites.filter(({ name }) => !options.only || options.only === name);
}

// Suites on which a peer's smaller plans are no better: why.
const EXCEPTIONS = {
  // What a shared abstract value is may differ between the subgraphs that resolve it; the peers merge two of them.
  'union-intersection': ['apollo', 'hive'],
  // It takes a nested field for provided that the provided set doesn't list.
  'nested-provides': ['hive'],
  // Ours learns the types of a list before it asks an interface object's field of it: a step more, known and rare.
  'simple-interface-object': ['apollo', 'hive'],
  // An interface without implementations is asked for its type name; the field can't be had.
  'non-resolvable-interface-object': ['apollo', 'hive'],
};

const sums = {};
const smaller = [];
const times = Object.fromEntries(['ours', ...options.peers.split(',')].map((name) => [name, []]));

function add(kind, peer, own, theirs) {
  const sum = (sums[`${kind} / ${peer}`] ??= { compared: 0, refused: 0, steps: [0, 0], fetches: [0, 0], bytes: [0, 0], 'fewer steps': [0, 0], 'fewer fetches': [0, 0] });
  if (own.error || theirs.error) {
    if (!own.error) sum.refused += 1;
    return;
  }
  sum.compared += 1;
  for (const key of ['steps', 'fetches', 'bytes']) {
    sum[key][0] += own[key];
    sum[key][1] += theirs[key];
  }
  for (const key of ['steps', 'fetches']) {
    if (own[key] < theirs[key]) sum[`fewer ${key}`][0] += 1;
    if (own[key] > theirs[key]) sum[`fewer ${key}`][1] += 1;
  }
}

async function compare(kind, suite, operation) {
  const own = await ours.plan(operation);
  if (!own.error) times.ours.push(own.micros);
  for (const peer of peers) {
    const theirs = await peer.plan(operation);
    if (!theirs.error) times[peer.name].push(theirs.micros);
    add(kind, peer.name, own, theirs);
    if (own.error && !theirs.error) smaller.push({ suite, peer: peer.name, operation, own, theirs });
    else if (theirs.steps < own.steps || theirs.fetches < own.fetches) smaller.push({ suite, peer: peer.name, operation, own, theirs });
  }
}

const suites = folders();
const each = Math.ceil(Number(options.count) / suites.length);
for (const { name, supergraph, tests } of suites) {
  for (const planner of [ours, ...peers]) planner.load(supergraph);
  const schema = Supergraph.build(readFileSync(supergraph, 'utf8')).apiSchema().toGraphQLJSSchema();
  for (const { query } of tests) {
    if (validate(schema, parse(query)).length === 0) await compare(name === 'bench' ? 'bench' : 'audit', name, { query, variables: defaults(query) });
  }
  const random = randomizer(Number(options.seed) * 7919 + 17);
  for (let made = 0; made < each; made += 1) {
    const operation = randomOperation(schema, random);
    if (validate(schema, parse(operation.query)).length === 0) await compare('random', name, operation);
  }
}
for (const planner of [ours, ...peers]) planner.stop();

/** The default values of boolean variables. */
function defaults(query) {
  const variables = parse(query).definitions.flatMap((definition) => definition.variableDefinitions ?? []);
  return Object.fromEntries(variables.filter((each) => each.defaultValue?.kind === 'BooleanValue').map((each) => [each.variable.name.value, each.defaultValue.value]));
}

const quantile = (all, share) => all.sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))];
for (const { suite, peer, operation, own, theirs } of smaller.slice(0, Number(options.show))) {
  console.log(`-- ${suite}: ${peer} ${theirs.fetches} in ${theirs.steps}, ours ${own.error ?? `${own.fetches} in ${own.steps}`}`);
  console.log(operation.query.replace(/\s+/g, ' '), JSON.stringify(operation.variables));
  console.log(own.plan ?? '', peer === 'hive' || process.env.PLANS ? JSON.stringify(theirs.plan) : '');
}
const bySuite = {};
for (const { suite, peer, own } of smaller) bySuite[`${suite} ${peer}${own.error ? ' (ours refuses)' : ''}`] = (bySuite[`${suite} ${peer}${own.error ? ' (ours refuses)' : ''}`] ?? 0) + 1;
console.log(bySuite);
console.table(Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, Object.fromEntries(Object.entries(sum).map(([name, value]) => [name, Array.isArray(value) ? value.join(' : ') : value]))])));
console.table(Object.fromEntries(Object.entries(times).map(([name, all]) => [name, { p50: quantile(all, 0.5), p99: quantile(all, 0.99), max: quantile(all, 1) }])));
const counted = smaller.filter(({ suite, peer }) => !EXCEPTIONS[suite]?.includes(peer));
const worse = counted.some(({ own, theirs }) => own.error || theirs.steps < own.steps)
  || Object.values(sums).some((sum) => sum.fetches[0] > sum.fetches[1]);
process.exitCode = worse ? 1 : 0;
