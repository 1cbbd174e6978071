// Composes subgraphs with npm's @apollo/composition and prints its verdict as JSON, for comparison in tests only.
//
//   node compose-peer.mjs accounts=a.graphql products=p.graphql@http://127.0.0.1:4002/ …
//   node compose-peer.mjs --folder tests/fixtures/bench/subgraphs      (one subgraph a file, named by it)
//   … --output FILE writes the supergraph SDL beside the verdict
//
// Verdict: {"composed": bool, "errors": [{code, message, subgraphs}], "hints": [{code, message}], "supergraph": SDL or null}.
// Exit 0 composed, 1 refused, 2 used wrongly.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

const usage = (message) => {
  console.error(`compose-peer: ${message}`);
  process.exit(2);
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { folder: { type: 'string' }, output: { type: 'string' } },
});

function sources() {
  if (options.folder) {
    return readdirSync(options.folder).filter((file) => file.endsWith('.graphql')).sort()
      .map((file) => ({ name: basename(file, '.graphql'), file: join(options.folder, file) }));
  }
  return positionals.map((positional) => {
    const [, name, file, url] = /^([^=]+)=([^@]+)(?:@(.+))?$/.exec(positional) ?? usage(`not NAME=FILE[@URL]: ${positional}`);
    return { name, file, url };
  });
}

const subgraphs = sources();
if (subgraphs.length === 0) usage('no subgraphs given');

const verdict = { composed: false, errors: [], hints: [], supergraph: null };
try {
  const result = composeServices(subgraphs.map(({ name, file, url }) => ({
    name,
    url: url ?? `http://${name}`,
    typeDefs: parse(readFileSync(file, 'utf8')),
  })));
  verdict.composed = !result.errors?.length;
  verdict.supergraph = result.supergraphSdl ?? null;
  verdict.errors = (result.errors ?? []).map((error) => ({
    code: error.extensions?.code ?? 'UNKNOWN',
    message: error.message,
    subgraphs: [...new Set((error.nodes ?? []).map((node) => node.subgraph).filter(Boolean))],
  }));
  verdict.hints = (result.hints ?? []).map((hint) => ({ code: hint.definition.code, message: hint.message }));
} catch (error) {
  verdict.errors.push({ code: error.extensions?.code ?? error.name, message: error.message, subgraphs: [] });
}
if (options.output && verdict.supergraph) writeFileSync(options.output, verdict.supergraph);
console.log(JSON.stringify(verdict));
process.exitCode = verdict.composed ? 0 : 1;
