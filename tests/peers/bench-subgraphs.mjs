// The four subgraphs of the benchmark workload as data-driven HTTP servers, on graphql-js: their data is what
// `response.json` says, their schemas are the fixture's own files, so a request that a subgraph could not answer fails here.
//
//   node bench-subgraphs.mjs [--listen 127.0.0.1:14200] [--record calls.jsonl]
//
// Prints one line when ready: {"accounts": "http://127.0.0.1:14200/accounts", …}. `--record` appends a line a call:
// {"subgraph", "query", "variables"}. `Product.shippingEstimate` answers null as in that data set, and only when price
// and weight, which it requires, came with the representation.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { graphql } from 'graphql';
import { subgraphSchema } from './subgraph-schema.mjs';
import { serveSubgraphs } from './subgraph-server.mjs';

const { values: options } = parseArgs({
  options: { listen: { type: 'string', default: '127.0.0.1:14200' }, record: { type: 'string' } },
});
const fixture = (name) => readFileSync(new URL(`../fixtures/bench/${name}`, import.meta.url), 'utf8');

const KEYS = { User: 'id', Review: 'id', Product: 'upc' };
const CHILD_TYPES = { reviews: 'Review', product: 'Product', author: 'User' };
const entities = { User: new Map(), Review: new Map(), Product: new Map() };

/** Folds the answer's tree back into entities: the same one appears many times, each time with a part of its fields. */
function gather(value, type) {
  if (Array.isArray(value)) return value.map((each) => gather(each, type));
  if (value === null) return null;
  const key = value[KEYS[type]];
  const entity = entities[type].get(key) ?? { __typename: type };
  entities[type].set(key, entity);
  for (const [name, child] of Object.entries(value)) {
    entity[name] = name in CHILD_TYPES ? gather(child, CHILD_TYPES[name]) : child;
  }
  return entity;
}
const { data } = JSON.parse(fixture('response.json'));
const users = gather(data.users, 'User');
const topProducts = gather(data.topProducts, 'Product');

/** What a subgraph makes of a representation: its entity; for inventory, only if the required fields came along. */
function resolveEntity(subgraph, representation) {
  const key = KEYS[representation.__typename];
  const entity = entities[representation.__typename]?.get(representation[key]);
  if (!entity || subgraph !== 'inventory') return entity ?? null;
  return {
    ...entity,
    shippingEstimate: () => {
      if (!('price' in representation && 'weight' in representation)) throw new Error('price and weight are required');
      return null;
    },
  };
}

const roots = {
  accounts: { users, user: ({ id }) => entities.User.get(id) ?? null, me: users[0] },
  inventory: {},
  products: { topProducts: ({ first }) => topProducts.slice(0, first) },
  reviews: {},
};
const schemas = Object.fromEntries(Object.keys(roots).map((name) => [name, subgraphSchema(fixture(`subgraphs/${name}.graphql`))]));

async function answer(name, body) {
  const { query, variables, operationName } = JSON.parse(body);
  if (options.record) appendFileSync(options.record, `${JSON.stringify({ subgraph: name, query, variables })}\n`);
  const rootValue = {
    ...roots[name],
    _service: { sdl: fixture(`subgraphs/${name}.graphql`) },
    _entities: ({ representations }) => representations.map((each) => resolveEntity(name, each)),
  };
  return graphql({ schema: schemas[name], source: query, rootValue, variableValues: variables, operationName });
}

if (options.record) writeFileSync(options.record, '');
serveSubgraphs(options.listen, Object.keys(roots), answer);
