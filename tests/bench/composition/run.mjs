// Composes made-up supergraphs of growing size with our binary and with npm's @apollo/composition, one after the other
// in one run, and writes what each took: docs/benchmarks/composition.json, .svg and a table on the terminal.
//
//   cargo build --release && cargo build --release -p composition --example synthetic
//   (cd tests/peers && npm ci)
//   node tests/bench/composition/run.mjs [--peer-types-max 3000] [--binary F] [--generator F] [--out FOLDER]
//
// Time is the whole program's, start and reading files included; memory is its peak resident set, as GNU time tells it.
// The peer is asked up to a size only: its time grows with more than the square of it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
const { values: options } = parseArgs({
  options: {
    binary: { type: 'string', default: join(target, 'release/supergraph') },
    generator: { type: 'string', default: join(target, 'release/examples/synthetic') },
    'peer-types-max': { type: 'string', default: '3000' },
    repeat: { type: 'string', default: '3' },
    out: { type: 'string', default: join(root, 'docs/benchmarks') },
  },
});

const SIZES = [[10, 20], [25, 20], [50, 20], [50, 50], [100, 50], [150, 50], [200, 50]];
const work = mkdtempSync(join(tmpdir(), 'composition-bench-'));

/** The wall time in seconds and the peak memory in MB of the fastest of some runs; null if one fails. */
function measure(command, repeat) {
  const timeFile = join(work, 'time');
  let best = null;
  for (let run = 0; run < repeat; run++) {
    const done = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', '-o', timeFile, ...command], { cwd: join(root, 'tests/peers'), stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 });
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

const results = [];
for (const [subgraphs, types] of SIZES) {
  const folder = join(work, `${subgraphs}x${types}`);
  execFileSync(options.generator, [String(subgraphs), String(types), folder]);
  const config = join(folder, 'supergraph.yaml');
  const ours = measure([options.binary, 'compose', '--config', config, '--output', join(work, 'supergraph.graphql')], +options.repeat);
  const asked = subgraphs * types <= +options['peer-types-max'];
  const peer = asked ? measure(['node', '--max-old-space-size=12000', 'compose-peer.mjs', '--folder', folder], 1) : null;
  results.push({ subgraphs, types, ours, peer });
  console.log(JSON.stringify(results.at(-1)));
}
rmSync(work, { recursive: true });

mkdirSync(options.out, { recursive: true });
const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
writeFileSync(join(options.out, 'composition.json'), `${JSON.stringify({ machine, results }, null, 2)}\n`);
writeFileSync(join(options.out, 'composition.svg'), plot(results));

/** Time against types, both axes logarithmic: a straight line at 45 degrees is linear growth. */
function plot(results) {
  const [width, height, left, bottom] = [720, 420, 70, 360];
  const x = (types) => left + (Math.log10(types) - 2) * 270;
  const y = (seconds) => bottom - (Math.log10(seconds) + 2) * 80;
  const line = (name, colour) => {
    const points = results.filter((result) => result[name]).map((result) => [x(result.subgraphs * result.types), y(Math.max(result[name].seconds, 0.01))]);
    const dots = points.map(([cx, cy]) => `<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="4" fill="${colour}"/>`).join('');
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.map((point) => point.map((n) => n.toFixed(1)).join(',')).join(' ')}"/>${dots}`;
  };
  const across = [100, 1000, 10000].map((types) => `<line x1="${x(types)}" x2="${x(types)}" y1="40" y2="${bottom}" stroke="#ddd"/><text x="${x(types)}" y="${bottom + 20}" text-anchor="middle">${types}</text>`);
  const up = [0.01, 0.1, 1, 10, 100].map((seconds) => `<line x1="${left}" x2="${width - 20}" y1="${y(seconds)}" y2="${y(seconds)}" stroke="#ddd"/><text x="${left - 8}" y="${y(seconds) + 4}" text-anchor="end">${seconds} s</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
<text x="${left}" y="24" font-size="15">Composition with satisfiability: time against types of the supergraph</text>
${across.join('')}${up.join('')}
${line('peer', '#b5482a')}
${line('ours', '#1f6f8b')}
<text x="${width - 210}" y="60" fill="#1f6f8b">supergraph compose</text>
<text x="${width - 210}" y="78" fill="#b5482a">npm @apollo/composition</text>
<text x="${width / 2}" y="${height - 12}" text-anchor="middle">types</text>
</svg>
`;
}
