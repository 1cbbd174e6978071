// Documents that are wrong, or legal and meant to cost.
import { ask, get, post } from './wire.mjs';

const GRAPHQL = [['accept', 'application/graphql-response+json']];
const many = (times, each) => Array.from({ length: times }, (_, index) => each(index)).join(' ');
const nest = (times, open, middle, close) => open.repeat(times) + middle + close.repeat(times);
const bomb = (levels) => `{ ...F0 } ${many(levels, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)} fragment F${levels} on Query { __typename }`;
const userBomb = (levels) => `{ me { ...F0 } } ${many(levels, (i) => `fragment F${i} on User { orders(first: 100) { edges { node { customer { ...F${i + 1} } } } } }`)} fragment F${levels} on User { id }`;

const wrong = [
  ['unterminated string', '{ product(id: "x'], ['unterminated block string', '{ product(id: """x'], ['only a brace', '{'],
  ['only a comment', '# nothing'], ['only a fragment', 'fragment F on Query { __typename }'], ['type definitions', 'type Query { a: Int }'],
  ['empty selection', '{ products(first: 1) { } }'], ['leaf with selection', '{ __typename { x } }'], ['object without selection', '{ products(first: 1) }'],
  ['unknown root field', '{ nope }'], ['unknown argument', '{ products(frist: 1) { pageInfo { hasNextPage } } }'],
  ['unknown directive', '{ __typename @nope }'], ['unknown fragment', '{ ...Nope }'], ['unknown type', '{ ... on Nope { __typename } }'],
  ['fragment on itself', '{ ...F } fragment F on Query { ...F }'], ['fragments in a ring', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
  ['unused variable', 'query($a: Int) { __typename }'], ['undeclared variable', '{ products(first: $a) { pageInfo { hasNextPage } } }'],
  ['variable twice', 'query($a: Int, $a: Int) { products(first: $a) { pageInfo { hasNextPage } } }'],
  ['integer beyond 32 bits', '{ products(first: 2147483648) { pageInfo { hasNextPage } } }'], ['integer of 10,000 digits', `{ products(first: ${'9'.repeat(10_000)}) { pageInfo { hasNextPage } } }`],
  ['enum as text', '{ products(orderBy: "NAME") { pageInfo { hasNextPage } } }'], ['unknown enum value', '{ products(orderBy: NAMES) { pageInfo { hasNextPage } } }'],
  ['conflicting fields', '{ products(first: 1) { pageInfo { hasNextPage } } products(first: 2) { pageInfo { hasNextPage } } }'],
  ['subscription without the root', 'subscription { x }'], ['two operations without a name', '{ __typename } { __typename }'],
  ['skip without if', '{ __typename @skip }'], ['entities at the router', '{ _entities(representations: [{__typename: "User", id: "x"}]) { __typename } }'],
  ['subgraph SDL at the router', '{ _service { sdl } }'], ['control characters', '{ \u0001 __typename }'],
  ['escape beyond Unicode', '{ product(id: "\\u{110000}") { id } }'], ['escape of half a pair', '{ product(id: "\\ud800") { id } }'],
  ['private join directive', '{ __typename @join__field }'],
];

const costly = [
  ['1,000,000 characters of comment', `{ __typename } #${'x'.repeat(1_000_000)}`], ['1,000,000 commas', `{ __typename ${','.repeat(1_000_000)} }`],
  ['name of 500,000 letters', `{ ${'a'.repeat(500_000)} }`], ['string of 500,000 letters', `{ product(id: "${'a'.repeat(500_000)}") { id } }`],
  ['100,000 braces open', '{ a'.repeat(100_000)], ['10,000 selections deep', nest(10_000, '{ a ', '', '}')], ['100,000 selections deep', nest(100_000, '{a', '', '}')],
  ['400,000 list literals deep', `{ product(id: ${nest(400_000, '[', '', ']')}) { id } }`], ['50,000 object literals deep', `{ product(id: ${nest(50_000, '{a:', '1', '}')}) { id } }`],
  ['50,000 list types deep', `query($a: ${nest(50_000, '[', 'Int', ']')}) { __typename }`], ['50,000 inline fragments deep', nest(50_000, '{ ... ', '{ __typename }', '}')],
  ['100,000 aliases', `{ ${many(100_000, (i) => `a${i}: __typename`)} }`], ['5,000 aliases', `{ ${many(5_000, (i) => `a${i}: __typename`)} }`],
  ['60,000 times __typename', `{ ${'__typename '.repeat(60_000)} }`], ['5,000 times the same field', `{ ${'products(first: 1) { pageInfo { hasNextPage } } '.repeat(1_000)} }`],
  ['fragments doubling 30 times', bomb(30)], ['fragments doubling 1,000 times', bomb(1_000)], ['fragments doubling 3,000 times', bomb(3_000)],
  ['fragments in a chain of 3,000', `{ ...F0 } ${many(3_000, (i) => `fragment F${i} on Query { ...F${i + 1} }`)} fragment F3000 on Query { __typename }`],
  ['users and orders in a ring of 12', userBomb(12)], ['5,000 fragments unused', `{ __typename } ${many(5_000, (i) => `fragment F${i} on Query { __typename }`)}`],
  ['3,000 operations', many(3_000, (i) => `query Q${i} { __typename }`)], ['5,000 variables', `query(${many(5_000, (i) => `$v${i}: Int`)}) { __typename }`],
  ['4,000 directives', `{ __typename ${'@skip(if: false) '.repeat(4_000)} }`], ['4,000 distinct conditions', `query(${many(1_500, (i) => `$v${i}: Boolean!`)}) { ${many(1_500, (i) => `__typename @include(if: $v${i})`)} }`],
  ['30 conditions on fields of every subgraph', `query(${many(30, (i) => `$v${i}: Boolean = true`)}) { products(first: 1) { edges { node { ${many(30, (i) => `a${i}: name @include(if: $v${i})`)} } } } }`],
  ['overlapping selections, quadratic', `{ ${many(1_200, (i) => `products(first: 1) { edges { node { name a${i}: sku } } }`)} }`],
  ['introspection in a ring of 8', `{ __schema { types { ${nest(8, 'fields { type { ', 'name', ' } } ')} } } }`],
  ['introspection in a ring of 3', `{ __schema { types { ${nest(3, 'fields { type { ', 'name', ' } } ')} } } }`],
  ['20 introspections', `{ ${many(20, (i) => `s${i}: __schema { types { name fields { name args { name } } } }`)} }`],
];

export const documents = [
  ...wrong.map(([name, query]) => ({ name: `document: ${name}`, bytes: ask(query), refused: [400] })),
  ...costly.map(([name, query]) => ({ name: `costly: ${name}`, bytes: ask(query), withinMs: 3_000 })),
  { name: 'document: unknown operation', bytes: post('{"query":"query A { __typename }","operationName":"B"}'), refused: [400] },
  { name: 'document: empty operation name among two', bytes: post('{"query":"query A { __typename } query B { __typename }","operationName":""}'), refused: [400] },
  { name: 'document: variable of the wrong shape', bytes: ask('query($a: Int) { products(first: $a) { pageInfo { hasNextPage } } }', { a: { b: 1 } }), refused: [400] },
  { name: 'document: variable list of 100,000', bytes: ask('query($a: [Int]) { products(first: 1) { pageInfo { hasNextPage } } x: __typename @skip(if: false) }', { a: Array(100_000).fill(1) }), refused: [400] },
  { name: 'GET: mutation', bytes: get(`/graphql?query=${encodeURIComponent('mutation { cancelOrder(input: { id: "x" }) { order { id } } }')}`, GRAPHQL), refused: [405] },
  { name: 'GET: no query', bytes: get('/graphql', GRAPHQL), refused: [400] },
  { name: 'GET: bad variables', bytes: get('/graphql?query=%7B__typename%7D&variables=%7B', GRAPHQL), refused: [400] },
  { name: 'GET: bad percent', bytes: get('/graphql?query=%7B__typename%7D%zz', GRAPHQL), refused: [400] },
  { name: 'GET: invalid UTF-8', bytes: get('/graphql?query=%ff%fe', GRAPHQL), refused: [400] },
  { name: 'GET: 60 KB of query', bytes: get(`/graphql?query=%7B__typename%20%23${'x'.repeat(60_000)}%0A%7D`, GRAPHQL) },
];
