// The four subgraphs of the benchmark workload as data-driven HTTP servers, on graphql-js: their data is what
// `response.json` says, their schemas are the fixture's own files, so a request that a subgraph could not answer fails here.
//
//   node bench-subgraphs.mjs [--listen 127.0.0.1:14200] [--record calls.jsonl]
//
// Prints one line when ready: {"accounts": "http://127.0.0.1:14200/accounts", …}. `--record` appends a line a call:
// {"subgraph", "query", "variables"}. `Product.shippingEstimate` answers null as in that data set, and only when price
// and weight, which it requires, came with the representation.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { Kind, buildASTSchema, graphql, parse } from 'graphql';

const { values: options } = parseArgs({
  options: { listen: { type: 'string', default: '127.0.0.1:14200' }, record: { type: 'string' } },
});
const fixture = (name) => readFileSync(new URL(`../fixtures/bench/${name}`, import.meta.url), 'utf8');
const BODY_BYTES_MAX = 10_000_000;

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

/** A subgraph's SDL as a schema of its own: extensions stand for definitions, federation's own fields are added. */
function subgraphSchema(name) {
  const federation = parse('scalar _Any type _Service { sdl: String! }').definitions;
  const own = parse(fixture(`subgraphs/${name}.graphql`)).definitions
    .filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION && kind !== Kind.DIRECTIVE_DEFINITION)
    .map((definition) => (definition.kind === Kind.OBJECT_TYPE_EXTENSION ? { ...definition, kind: Kind.OBJECT_TYPE_DEFINITION } : definition));
  const keyed = own.filter((each) => each.directives.some(({ name }) => name.value === 'key')).map((each) => each.name.value);
  const [union, fields] = parse(`union _Entity = ${keyed.join(' | ')} type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }`).definitions;
  const query = own.find((each) => each.name.value === 'Query');
  const root = query ? { ...query, fields: [...query.fields, ...fields.fields] } : fields;
  const definitions = [...federation, union, root, ...own.filter((each) => each !== query)];
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValidSDL: true });
}

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
const schemas = Object.fromEntries(Object.keys(roots).map((name) => [name, subgraphSchema(name)]));

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

const server = createServer(async (request, response) => {
  const name = request.url.slice(1);
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) return response.writeHead(413).end();
    chunks.push(chunk);
  }
  if (request.method !== 'POST' || !(name in roots)) return response.writeHead(404).end();
  const result = await answer(name, Buffer.concat(chunks).toString('utf8')).catch((error) => ({ errors: [{ message: error.message }] }));
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
});
if (options.record) writeFileSync(options.record, '');
const [host, port] = options.listen.split(':');
server.listen(Number(port), host, () => {
  const base = `http://${host}:${server.address().port}`;
  console.log(JSON.stringify(Object.fromEntries(Object.keys(roots).map((name) => [name, `${base}/${name}`]))));
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
