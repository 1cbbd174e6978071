// Plans of ours beside those of npm's @apollo/query-planner and @graphql-hive/router-query-planner: how many requests
// to subgraphs, how many of them one after another, how many bytes of operations, and how long planning takes.
//
//   cargo build --release -p planner --example plans
//   node plans.mjs --ours ../../target/release/examples/plans [--count 10000] [--seed 1] [--only SUITE] [--show 20] \
//     [--peers apollo,hive] [--timeout 10] [--answers FILE]
//
// A peer that takes longer than the timeout, in seconds of the processor, for one operation is stopped; how often is counted. With
// `--answers` the peers' plans are kept in a file, one JSON a line, and read from it the next time.
//
// Operations: the benchmark's, every one of the federation audit's, and random ones on the same supergraphs and the
// shop's. Prints the sums as a table, and each operation for which a peer's plan is smaller. A peer's plan that is wrong
// (`plan-faults.mjs`) is counted and named, and measured against nothing. Exit 1 if another one has fewer steps than
// ours, or if those in sum have fewer requests.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Supergraph } from '@apollo/federation-internals';
import { parse, validate } from 'graphql';
import { randomOperation, randomizer } from './operations.mjs';
import { Subgraphs } from './plan-faults.mjs';

const { values: options } = parseArgs({
  options: {
    ours: { type: 'string' }, count: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' },
    only: { type: 'string' }, show: { type: 'string', default: '20' }, peers: { type: 'string', default: 'apollo,hive' },
    timeout: { type: 'string', default: '10' }, answers: { type: 'string' },
  },
});
const here = import.meta.dirname;

/** What peers answered before, by planner, supergraph and operation. */
class Answers {
  constructor(file) {
    this.file = file;
    const lines = file && existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
    this.known = new Map(lines.map((line) => JSON.parse(line)).map(({ key, answer }) => [key, answer]));
  }
  static key(...parts) {
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  }
  keep(key, answer) {
    if (this.file) appendFileSync(this.file, `${JSON.stringify({ key, answer })}\n`);
  }
}

const TIMED_OUT = 'takes too long';

/** A planner as a process that is started again when it aborts or takes too long. */
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
    const answer = done ? { error: 'the process ends' } : JSON.parse(value);
    // A peer that takes too long says so, and ends.
    if (done || answer.error === TIMED_OUT) this.start();
    return answer;
  }
  stop() {
    this.child?.stdin.end();
  }
}

/** A peer, whose plans are kept. */
class Peer extends Planner {
  constructor(name, answers) {
    super(name, process.execPath, [join(here, 'plan-peer.mjs'), name, options.timeout]);
    this.answers = answers;
  }
  load(supergraph) {
    this.supergraph = supergraph;
    this.text = readFileSync(supergraph, 'utf8');
    // It is started by the first operation that it has to plan.
    if (this.child) this.send({ supergraph });
  }
  async plan(operation) {
    const key = Answers.key(this.name, options.timeout, this.text, operation);
    const known = this.answers.known.get(key);
    if (known) return known;
    if (!this.child) this.start();
    const answer = await super.plan(operation);
    this.answers.keep(key, answer);
    return answer;
  }
}

const ours = new Planner('ours', options.ours, []);
const answers = new Answers(options.answers);
const peers = options.peers.split(',').filter(Boolean).map((name) => new Peer(name, answers));

function folders() {
  const cases = join(here, '../fixtures/federation-cases');
  const suites = readdirSync(cases).filter((name) => existsSync(join(cases, name, 'tests.json')))
    .map((name) => ({ name, supergraph: join(cases, name, 'supergraph.graphql'), tests: JSON.parse(readFileSync(join(cases, name, 'tests.json'), 'utf8')) }));
  const bench = join(here, '../fixtures/bench');
  suites.push({ name: 'bench', supergraph: join(bench, 'supergraph.graphql'), tests: [JSON.parse(readFileSync(join(bench, 'query.json'), 'utf8'))] });
  suites.push({ name: 'shop', supergraph: join(here, '../../schema/supergraph.graphql'), tests: [] });
  return suites.filter(({ name }) => !options.only || options.only === name);
}

const sums = {};
const smaller = [];
const faults = {};
const times = Object.fromEntries(['ours', ...options.peers.split(',')].map((name) => [name, []]));

function add(kind, peer, own, theirs) {
  const sum = (sums[`${kind} / ${peer}`] ??= { compared: 0, refused: 0, late: 0, wrong: 0, steps: [0, 0], fetches: [0, 0], bytes: [0, 0], 'fewer steps': [0, 0], 'fewer fetches': [0, 0] });
  if (own.error || theirs.error) {
    if (theirs.error === TIMED_OUT) sum.late += 1;
    else if (!own.error) sum.refused += 1;
    return;
  }
  // Nothing is measured by a plan that doesn't answer the operation.
  if (theirs.fault) {
    sum.wrong += 1;
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

async function compare(kind, { suite, subgraphs }, operation) {
  const own = await ours.plan(operation);
  if (!own.error) times.ours.push(own.micros);
  for (const peer of peers) {
    const theirs = await peer.plan(operation);
    if (!theirs.error) {
      times[peer.name].push(theirs.micros);
      theirs.fault = subgraphs.fault(theirs.plan, operation);
      if (theirs.fault) (faults[`${suite} ${peer.name}`] ??= []).push({ operation, fault: theirs.fault });
    }
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
  const on = { suite: name, subgraphs: new Subgraphs(readFileSync(supergraph, 'utf8'), schema) };
  for (const { query } of tests) {
    if (validate(schema, parse(query)).length === 0) await compare(name === 'bench' ? 'bench' : 'audit', on, { query, variables: defaults(query) });
  }
  const random = randomizer(Number(options.seed) * 7919 + 17);
  for (let made = 0; made < each; made += 1) {
    const operation = randomOperation(schema, random);
    if (validate(schema, parse(operation.query)).length === 0) await compare('random', on, operation);
  }
}
for (const planner of [ours, ...peers]) planner.stop();

/** The default values of boolean variables. */
function defaults(query) {
  const variables = parse(query).definitions.flatMap((definition) => definition.variableDefinitions ?? []);
  return Object.fromEntries(variables.filter((each) => each.defaultValue?.kind === 'BooleanValue').map((each) => [each.variable.name.value, each.defaultValue.value]));
}

const quantile = (all, share) => all.sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))];
for (const { suite, peer, operation, own, theirs } of smaller.filter(({ theirs }) => !theirs.fault).slice(0, Number(options.show))) {
  console.log(`-- ${suite}: ${peer} ${theirs.fetches} in ${theirs.steps}, ours ${own.error ?? `${own.fetches} in ${own.steps}`}`);
  console.log(operation.query.replace(/\s+/g, ' '), JSON.stringify(operation.variables));
  console.log(own.plan ?? '', peer === 'hive' || process.env.PLANS ? JSON.stringify(theirs.plan) : '');
}
const bySuite = {};
for (const { suite, peer, own, theirs } of smaller) if (!theirs.fault) bySuite[`${suite} ${peer}${own.error ? ' (ours refuses)' : ''}`] = (bySuite[`${suite} ${peer}${own.error ? ' (ours refuses)' : ''}`] ?? 0) + 1;
console.log(bySuite);
console.table(Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, Object.fromEntries(Object.entries(sum).map(([name, value]) => [name, Array.isArray(value) ? value.join(' : ') : value]))])));
console.table(Object.fromEntries(Object.entries(times).map(([name, all]) => [name, { p50: quantile(all, 0.5), p99: quantile(all, 0.99), max: quantile(all, 1) }])));
for (const [where, found] of Object.entries(faults)) {
  const [{ operation, fault }] = found.toSorted((a, b) => a.operation.query.length - b.operation.query.length);
  console.log(`wrong ${found.length} times: ${where}: ${fault}: ${operation.query.replace(/\s+/g, ' ')}`);
}
const worse = smaller.filter(({ own, theirs }) => !theirs.fault && (own.error || theirs.steps < own.steps));
const isMore = Object.values(sums).some((sum) => sum.fetches[0] > sum.fetches[1]);
process.exitCode = worse.length > 0 || isMore ? 1 : 0;
