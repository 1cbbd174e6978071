// Compares the verdict on every composition case with that of npm's @apollo/composition: accepted, with which hint
// codes, or refused, with which error codes; and where both accept, the supergraphs by meaning (compare-supergraphs.mjs).
// Prints a table: code, cases with that code on either side, equal or not.
//
//   node compare-cases.mjs                     every case folder
//   node compare-cases.mjs --show CASE…        these alone, with the peer's own words
//   … --cases FOLDER                           case folders from elsewhere
//
// Our verdict is read from `expected.graphql` and `expected.diagnostics`, which the composition tests hold us to. A
// deliberate difference stands in the case as `peer.difference`: the peer's verdict on the first line, the reason below.
// Exit 1 for a difference that is not written down, or one written down that isn't there. A case with `options.yaml` asks
// for something that the peer can't be asked for (contracts, an older output) and is counted apart.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { differences } from './compare-supergraphs.mjs';
import { distinct, peerVerdict } from './peer-verdict.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { cases: { type: 'string' }, show: { type: 'boolean' } },
});
const root = options.cases ?? fileURLToPath(new URL('../../router/composition/tests/cases', import.meta.url));

const text = (folder, name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : null);
const line = (verdict) => [verdict.accepts ? 'accepts' : 'refuses', ...verdict.codes, ...(verdict.another ? ['with another supergraph'] : [])].join(' ');

/** What the case's expectations say of us: on success every finding is a hint, on refusal only errors count. */
function ours(folder) {
  const accepts = existsSync(join(folder, 'expected.graphql'));
  const severity = accepts ? '(?:warning|info|debug)' : 'error';
  const found = (text(folder, 'expected.diagnostics') ?? '').matchAll(new RegExp(`^${severity} ([A-Z0-9_]+):`, 'gm'));
  return { accepts, codes: distinct([...found].map(([, code]) => code)) };
}

/** The peer's verdict on the case's files. */
function theirs(folder) {
  const files = readdirSync(join(folder, 'subgraphs')).filter((file) => file.endsWith('.graphql')).sort();
  return peerVerdict(files.map((file) => ({ name: basename(file, '.graphql'), sdl: readFileSync(join(folder, 'subgraphs', file), 'utf8') })));
}

/** Equal, different as written down with its reason, or a problem. */
function compare(folder) {
  if (text(folder, 'options.yaml') !== null) return { kind: 'apart' };
  const [mine, peers] = [ours(folder), theirs(folder)];
  if (mine.accepts && peers.accepts) {
    const found = differences(text(folder, 'expected.graphql'), peers.supergraphSdl);
    peers.another = found.length > 0;
    peers.findings.push(...found.map((message) => ({ code: 'supergraph', message })));
  }
  const [expected, ...reason] = (text(folder, 'peer.difference') ?? '').trim().split('\n');
  const result = { mine, peers, reason: reason.join(' ').trim() };
  if (line(mine) === line(peers)) {
    return expected ? { ...result, kind: 'problem', problem: 'peer.difference is stale: the verdicts are equal' } : { ...result, kind: 'equal' };
  }
  if (!expected) return { ...result, kind: 'problem', problem: 'the verdicts differ' };
  if (expected !== line(peers)) return { ...result, kind: 'problem', problem: `peer.difference says: ${expected}` };
  return result.reason ? { ...result, kind: 'different' } : { ...result, kind: 'problem', problem: 'peer.difference gives no reason' };
}

const names = positionals.length > 0 ? positionals
  : readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
const results = names.map((name) => ({ name, ...compare(join(root, name)) }));
const of = (kind) => results.filter((result) => result.kind === kind);

if (!options.show) {
  const codes = new Map();
  for (const { name, kind, mine, peers } of results) {
    for (const code of distinct([...(mine?.codes ?? []), ...(peers?.codes ?? [])])) {
      const row = codes.get(code) ?? codes.set(code, []).get(code);
      row.push(mine.codes.includes(code) === peers.codes.includes(code) ? name : `${name} (${kind})`);
    }
  }
  for (const [code, cases] of [...codes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const different = cases.filter((name) => name.endsWith(')'));
    console.log(`${code}: ${cases.length} cases, ${different.length} different`);
    console.log(`    ${cases.join('\n    ')}`);
  }
  for (const { name, mine, peers, reason } of of('different')) {
    console.log(`different ${name}\n    ours: ${line(mine)}\n    peer: ${line(peers)}\n    ${reason}`);
  }
}
for (const { name, mine, peers, problem } of options.show ? results.filter(({ peers }) => peers) : of('problem')) {
  console.log(`${problem ? 'PROBLEM' : 'case'} ${name}${problem ? `: ${problem}` : ''}\n    ours: ${line(mine)}\n    peer: ${line(peers)}`);
  for (const { code, message } of peers.findings) console.log(`        ${code}: ${message.split('\n').join('\n            ')}`);
}
console.log(`${results.length} cases: ${of('equal').length} equal, ${of('different').length} different with a reason, ` +
  `${of('apart').length} with options, ${of('problem').length} problems`);
process.exitCode = of('problem').length > 0 ? 1 : 0;
