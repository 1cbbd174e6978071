// The made-up subgraphs of `tests/bench/run`: items of any number, and fields of theirs in as many other subgraphs as wanted.
//
//   node synthetic-subgraphs.mjs --folder FOLDER [--listen 127.0.0.1:14300]
//
// The folder has a file of SDL for each, `<name>.graphql`. What a field says follows from its name and its item's number.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { graphql } from 'graphql';
import { subgraphSchema } from './subgraph-schema.mjs';
import { serveSubgraphs } from './subgraph-server.mjs';

const { values: options } = parseArgs({
  options: { folder: { type: 'string' }, listen: { type: 'string', default: '127.0.0.1:14300' } },
});
const TEXT_LENGTH = 100;

const files = readdirSync(options.folder).filter((file) => file.endsWith('.graphql')).sort();
const schemas = Object.fromEntries(files.map((file) => [basename(file, '.graphql'), subgraphSchema(readFileSync(join(options.folder, file), 'utf8'))]));

/** An item, whatever a subgraph has of it: other names than these are a word and the number. */
function item(number, known = {}) {
  return new Proxy({ __typename: 'Item', id: String(number), number, ...known }, {
    get: (own, name) => (name in own || typeof name !== 'string' ? own[name] : word(name, number)),
  });
}
const word = (name, number) => (name === 'text' ? `text of ${number} `.repeat(TEXT_LENGTH).slice(0, TEXT_LENGTH) : `${name} ${number}`);

const rootValue = {
  items: ({ first }) => Array.from({ length: first }, (_, index) => item(index + 1)),
  rename: ({ id, name }) => item(Number(id), { name }),
  _entities: ({ representations }) => representations.map(({ id }) => item(Number(id))),
};
serveSubgraphs(options.listen, Object.keys(schemas), async (name, body) => {
  const { query, variables, operationName } = JSON.parse(body);
  return graphql({ schema: schemas[name], source: query, rootValue, variableValues: variables, operationName });
});
