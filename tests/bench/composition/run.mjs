// Composes made-up supergraphs of growing size with our binary and with npm's @apollo/composition, one after the other
// in one run, and writes what each took: composition.json, composition.svg and composition.md in docs/benchmarks.
//
//   tests/full bench            builds all that is needed and runs this
//   node tests/bench/composition/run.mjs [--peer-types-max 3000] [--repeat 3] [--binary F] [--generator F] [--out FOLDER]
//
// Time is the whole program's, start and reading files included; memory is its peak resident set, as GNU time tells it.
// Of several runs the fastest counts; the peer runs once, since its time grows with more than the square of the size.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { plot } from './plot.mjs';
import { report } from './report.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const { values: options } = parseArgs({
  options: {
    binary: { type: 'string', default: join(target, 'release/supergraph') },
    generator: { type: 'string', default: join(target, 'release/examples/synthetic') },
    'peer-types-max': { type: 'string', default: '10000' },
    repeat: { type: 'string', default: '3' },
    out: { type: 'string', default: join(root, 'docs/benchmarks') },
  },
});

/** Subgraphs, and types that each of them owns. */
const SIZES = [[10, 10], [25, 20], [50, 20], [100, 30], [100, 50], [200, 50]];
/** The peer holds 10,000 types in some 7 GB. */
const PEER = ['node', '--max-old-space-size=12000', 'compose-peer.mjs', '--folder'];

const work = mkdtempSync(join(tmpdir(), 'composition-bench-'));

/** Wall and processor time in seconds and peak memory in MB of the fastest of some runs; null if one fails. */
function measure(command, repeat) {
  const timeFile = join(work, 'time');
  let best = null;
  for (let run = 0; run < repeat; run++) {
    const done = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', '-o', timeFile, ...command], {
      cwd: join(root, 'tests/peers'), stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28,
    });
    if (done.error) throw new Error(`GNU time is needed: ${done.error.message}`);
    if (done.status !== 0) {
      console.error(`${command.join(' ')} failed:\n${String(done.stderr).slice(0, 2000)}`);
      return null;
    }
    const [wall, user, system, kilobytes] = readFileSync(timeFile, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
    const taken = { seconds: wall, cpu: +(user + system).toFixed(2), megabytes: Math.round(kilobytes / 1024) };
    if (!best || taken.seconds < best.seconds) best = taken;
  }
  return best;
}

const load = loadavg()[0].toFixed(2);
const results = [];
try {
  for (const [subgraphs, types] of SIZES) {
    const folder = join(work, `${subgraphs}x${types}`);
    execFileSync(options.generator, [String(subgraphs), String(types), folder]);
    const config = join(folder, 'supergraph.yaml');
    const output = join(work, 'supergraph.graphql');
    const ours = measure([options.binary, 'compose', '--config', config, '--output', output], +options.repeat);
    if (!ours) throw new Error('our own composition failed');
    const asked = subgraphs * types <= +options['peer-types-max'];
    const peer = asked ? measure([...PEER, folder], 1) : null;
    results.push({ subgraphs, types, ours, peer });
    console.log(JSON.stringify(results.at(-1)));
  }
} finally {
  rmSync(work, { recursive: true });
}

mkdirSync(options.out, { recursive: true });
const machine = { cpu: cpus()[0].model, cores: cpus().length, gigabytes: Math.round(totalmem() / 2 ** 30), load, node: process.version };
writeFileSync(join(options.out, 'composition.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`);
writeFileSync(join(options.out, 'composition.svg'), plot(results));
writeFileSync(join(options.out, 'composition.md'), report(machine, results));
