// Changes composition cases at random and compares our verdict with that of npm's @apollo/composition: accepted, with which
// hint codes, or refused, with which error codes.
//
//   node mutate-cases.mjs --ours …/examples/verdicts --count 5000 --seed 1 [--write FOLDER]
//
// Differences with a known reason (known-differences.mjs) are counted by reason. All others are grouped by the two
// verdicts, each group with its smallest case, which `--write` writes as case folders. Exit 1 if there is any.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { reason } from './known-differences.mjs';
import { mutate, random } from './mutate.mjs';
import { distinct, peerVerdict } from './peer-verdict.mjs';

const { values: options } = parseArgs({
  options: {
    ours: { type: 'string' },
    cases: { type: 'string', default: fileURLToPath(new URL('../../router/composition/tests/cases', import.meta.url)) },
    count: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
    write: { type: 'string' },
  },
});

/** Our composer as a process: one line in, one out. */
function composer(program) {
  // A group of its own: a signal that ends this run leaves it to answer what was asked.
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`our composer ended at\n${JSON.stringify(question)}`);
    return JSON.parse(value);
  };
  return {
    async verdict(subgraphs) {
      const { composed, findings } = await ask(subgraphs);
      const counted = composed ? findings : findings.filter(({ severity }) => severity === 'error');
      return { accepts: composed, codes: distinct(counted.map(({ code }) => code)), findings: counted };
    },
    /** Whether the subgraphs compose and a query on them has a plan that is proved sound. */
    answers: async (subgraphs, query) => (await ask({ subgraphs, query })).answered,
    end: () => child.stdin.end(),
  };
}

/** The cases that the peer reads and takes as we do. */
function cases() {
  const folders = readdirSync(options.cases, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
  const plain = folders.filter((name) => !['peer.difference', 'options.yaml'].some((file) => existsSync(join(options.cases, name, file))));
  return plain.map((name) => {
    const folder = join(options.cases, name, 'subgraphs');
    const files = readdirSync(folder).filter((file) => file.endsWith('.graphql')).sort();
    return { name, subgraphs: files.map((file) => ({ name: basename(file, '.graphql'), sdl: readFileSync(join(folder, file), 'utf8') })) };
  });
}

const line = ({ accepts, codes }) => [accepts ? 'accepts' : 'refuses', ...codes].join(' ');
const text = (subgraphs) => subgraphs.map(({ name, sdl }) => `# ${name}\n${sdl}`).join('\n');

function attempt(base, rng) {
  try {
    return mutate(base.subgraphs, rng);
  } catch {
    return null; // The case is no GraphQL, on purpose.
  }
}

const rng = random(+options.seed);
const bases = cases();
if (bases.length === 0) throw new Error(`no cases in ${options.cases}`);
const ours = composer(options.ours);
const [known, unknown] = [new Map(), new Map()];
let [compared, equal] = [0, 0];
// Whoever ends a long run is told what it found so far.
let ended = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (ended = true));
while (compared < +options.count && !ended) {
  const base = rng.pick(bases);
  const mutant = attempt(base, rng);
  if (!mutant) continue;
  compared++;
  const [mine, peers] = [await ours.verdict(mutant.subgraphs), peerVerdict(mutant.subgraphs)];
  if (line(mine) === line(peers)) {
    equal++;
    continue;
  }
  const why = await reason(mine, peers, mutant.subgraphs, ours);
  const [groups, key] = why ? [known, why] : [unknown, `ours: ${line(mine)}\npeer: ${line(peers)}`];
  const group = groups.get(key) ?? groups.set(key, { count: 0 }).get(key);
  group.count++;
  const size = text(mutant.subgraphs).length;
  if (!group.size || size < group.size) Object.assign(group, { size, base: base.name, mutant, mine, peers });
}
ours.end();

for (const [why, { count }] of [...known].sort(([, a], [, b]) => b.count - a.count)) console.log(`${count} known: ${why}`);
let number = 0;
for (const [key, group] of [...unknown].sort(([, a], [, b]) => b.count - a.count)) {
  console.log(`\n${group.count} × DIFFERENCE, from ${group.base} by ${group.mutant.applied.join(', ')}\n${key}`);
  for (const [side, { findings }] of [['ours', group.mine], ['peer', group.peers]]) {
    for (const { code, message } of findings.slice(0, 4)) console.log(`  ${side} ${code}: ${message.replaceAll('\n', '\n      ').slice(0, 600)}`);
  }
  console.log(text(group.mutant.subgraphs));
  if (options.write) {
    const folder = join(options.write, `${String(++number).padStart(3, '0')}_${group.base}`, 'subgraphs');
    mkdirSync(folder, { recursive: true });
    for (const { name, sdl } of group.mutant.subgraphs) writeFileSync(join(folder, `${name}.graphql`), `${sdl}\n`);
  }
}
const different = [...unknown.values()].reduce((sum, { count }) => sum + count, 0);
console.log(`\n${compared} mutants: ${equal} equal, ${compared - equal - different} different with a reason, ${different} different in ${unknown.size} ways`);
process.exitCode = different > 0 ? 1 : 0;
