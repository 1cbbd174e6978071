// Plans operations given as JSON lines with another planner: `node plan-peer.mjs apollo|hive SECONDS`. Lines in and out
// are those of `router/planner/examples/plans.rs`. A process of its own, since one of them may abort. It ends itself
// when an operation takes more seconds of the processor than it may: that doesn't depend on what else the machine does.
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import { parse } from 'graphql';

/** Counts fetches, and steps one after another, for the values of condition variables. */
function measure(node, variables) {
  const none = { fetches: 0, steps: 0, bytes: 0 };
  const each = (nodes) => nodes.map((child) => measure(child, variables));
  const sum = (key, all) => all.reduce((total, one) => total + one[key], 0);
  switch (node?.kind) {
    case undefined: return none;
    case 'QueryPlan': case 'Flatten': return measure(node.node, variables);
    case 'Fetch': case 'BatchFetch': return { fetches: 1, steps: 1, bytes: node.operation.length };
    case 'Sequence': {
      const all = each(node.nodes);
      return { fetches: sum('fetches', all), steps: sum('steps', all), bytes: sum('bytes', all) };
    }
    case 'Parallel': {
      const all = each(node.nodes);
      return { fetches: sum('fetches', all), steps: Math.max(0, ...all.map((one) => one.steps)), bytes: sum('bytes', all) };
    }
    case 'Condition': return measure(variables[node.condition] ? node.ifClause : node.elseClause, variables);
    default: throw new Error(`an unknown node: ${node.kind}`);
  }
}

/** The seconds of the processor that this process has had. */
function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** When the operation at hand began, in seconds of the processor; -1 where there is none. */
const started = isMainThread ? new Float64Array(new SharedArrayBuffer(8)) : workerData.started;

/** Ends the process when an operation takes too long: planning leaves the main thread no time to look. */
function watch() {
  setInterval(() => {
    const [since] = started;
    if (since < 0 || seconds() - since < workerData.limit) return;
    writeSync(1, `${JSON.stringify({ error: 'takes too long' })}\n`);
    process.kill(process.pid, 'SIGKILL');
  }, 100);
}

async function planners() {
  if (process.argv[2] === 'hive') {
    const { QueryPlanner } = await import('@graphql-hive/router-query-planner');
    return (sdl) => {
      const planner = new QueryPlanner(sdl);
      return (query) => planner.plan(query, undefined, new Set(), 100);
    };
  }
  const { QueryPlanner } = await import('@apollo/query-planner');
  const { Supergraph, operationFromDocument } = await import('@apollo/federation-internals');
  return (sdl) => {
    const supergraph = Supergraph.build(sdl);
    const schema = supergraph.apiSchema();
    const planner = new QueryPlanner(supergraph);
    return (query) => planner.buildQueryPlan(operationFromDocument(schema, parse(query)));
  };
}

async function answer() {
  const make = await planners();
  let plan;
  for await (const line of createInterface({ input: process.stdin })) {
    const { supergraph, query, variables = {} } = JSON.parse(line);
    if (supergraph) {
      plan = make(readFileSync(supergraph, 'utf8'));
      continue;
    }
    let answer;
    try {
      started[0] = seconds();
      const made = plan(query);
      answer = { ...measure(made, variables), micros: Math.round((seconds() - started[0]) * 1e6), plan: made };
    } catch (error) {
      answer = { error: String(error.message) };
    }
    started[0] = -1;
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

if (isMainThread) {
  started[0] = -1;
  const watcher = new Worker(import.meta.filename, { workerData: { started, limit: Number(process.argv[3]) } });
  watcher.unref();
  await answer();
} else {
  watch();
}
