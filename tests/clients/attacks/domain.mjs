// Legal operations with arguments that the domain must refuse.
import { administrator, anonymous, card, customer, firstProducts, placeOrder, unknownProductId } from '../harness.mjs';
import { ask } from './wire.mjs';

const as = (who) => Object.entries(who);
const page = (args) => `{ products(${args}) { edges { node { id } } pageInfo { hasNextPage } } }`;
const global = (text) => Buffer.from(text).toString('base64url');
const order = (input, who = customer) => ask(placeOrder, { input: { paymentMethod: card, ...input } }, as(who));
const lines = (productId, quantity, times = 1) => Array.from({ length: times }, () => ({ productId, quantity }));

export const domain = [
  ...['first: 0', 'first: -1', 'first: 101', 'first: 2147483647', 'last: 101', 'last: -1', 'first: 1, last: 1', 'after: "x"', 'after: ""', `after: "${'A'.repeat(100_000)}"`, `after: "${global('\0\0')}"`, 'before: "????"']
    .map((args) => ({ name: `page: ${args.slice(0, 40)}`, bytes: ask(page(args)), code: ['INVALID_PAGINATION', 'BAD_USER_INPUT', null] })),
  ...['', 'x', '!!!!', global('Product:'), global('Product:1'), global('User:00000000-0000-4000-8000-000000000000'), global('Product:00000000-0000-4000-8000-000000000000\0'), 'A'.repeat(100_000), '\u0000', '💥']
    .map((id) => ({ name: `id: ${JSON.stringify(id).slice(0, 50)}`, bytes: ask('query($id: ID!) { product(id: $id) { id } }', { id }), code: 'INVALID_ID' })),
  { name: 'id: integer', bytes: ask('{ product(id: 7) { id } }'), code: 'INVALID_ID' },
  { name: 'id: of nothing', bytes: ask('query($id: ID!) { product(id: $id) { id } }', { id: unknownProductId }), answered: true },
  ...['\u0000', "'; DROP TABLE products; --", '%', '_', '\\', 'x'.repeat(100_000), '\u{10ffff}']
    .map((text) => ({ name: `text: ${JSON.stringify(text).slice(0, 40)}`, bytes: ask('query($t: String) { products(first: 1, filter: { nameStartsWith: $t }) { edges { node { name } } } }', { t: text }) })),
  ...['\u0000', 'x', 'x'.repeat(100_000), ''].map((sku) => ({ name: `category: ${JSON.stringify(sku).slice(0, 40)}`, bytes: ask('query($t: String) { products(first: 1, filter: { category: $t }) { edges { node { name } } } }', { t: sku }) })),
  ...['EUR', 'eur', 'EURO', '', '\u0000\u0000\u0000'].map((currency) => ({ name: `price range: ${JSON.stringify(currency)}`, bytes: ask('query($c: CurrencyCode!) { products(first: 1, filter: { price: { currency: $c, minMinor: "-9223372036854775808", maxMinor: "9223372036854775807" } }) { edges { node { name } } } }', { c: currency }) })),
  ...['9223372036854775808', '1.5', '', 'x', '1e3', 1.5, 9007199254740993].map((minor) => ({ name: `big integer: ${minor}`, bytes: ask('query($m: BigInt!) { products(first: 1, filter: { price: { currency: "EUR", minMinor: $m } }) { edges { node { name } } } }', { m: minor }) })),
  ...[['no lines', []], ['quantity 0', lines(unknownProductId, 0)], ['quantity -1', lines(unknownProductId, -1)], ['quantity huge', lines(unknownProductId, 2147483647)], ['101 lines', lines(unknownProductId, 1, 101)], ['5,000 lines', lines(unknownProductId, 1, 5_000)], ['same product twice', lines(unknownProductId, 1, 2)]]
    .map(([name, each]) => ({ name: `order: ${name}`, bytes: order({ idempotencyKey: 'attack', lines: each }), answered: true, domainError: 'placeOrder' })),
  ...['', ' ', '\u0000', 'k'.repeat(100_000)].map((key) => ({ name: `order: key ${JSON.stringify(key).slice(0, 20)}`, bytes: order({ idempotencyKey: key, lines: lines(unknownProductId, 1) }), answered: true, domainError: 'placeOrder' })),
  { name: 'order: product id of another type', bytes: order({ idempotencyKey: 'a', lines: lines(global('User:00000000-0000-4000-8000-000000000000'), 1) }), code: 'INVALID_ID' },
  { name: 'order: price given by the client', bytes: order({ idempotencyKey: 'a', lines: [{ productId: unknownProductId, quantity: 1, unitPrice: { amountMinor: '1', currency: 'EUR' } }] }), refused: [400] },
  { name: 'order: anonymous', bytes: order({ idempotencyKey: 'a', lines: lines(unknownProductId, 1) }, anonymous), code: 'UNAUTHENTICATED' },
  { name: 'users: customer', bytes: ask('{ users(first: 1) { edges { node { id } } } }', undefined, as(customer)), code: 'FORBIDDEN' },
  { name: 'shipping: unknown country', bytes: ask('{ products(first: 2) { edges { node { shippingEstimate(country: "XX") { amountMinor } } } } }', undefined, as(anonymous)) },
  { name: 'shipping: no country at all', bytes: ask('{ products(first: 2) { edges { node { shippingEstimate(country: "\\u0000💥") { amountMinor } } } } }', undefined, as(anonymous)) },
  { name: 'costly: 100 users with 100 orders each', bytes: ask('{ users(first: 100) { edges { node { orders(first: 100) { edges { node { lines { product { name shippingEstimate(country: "DE") { amountMinor } } } } } } } } } }', undefined, as(administrator)), withinMs: 5_000 },
  { name: 'costly: users in users, 4 deep', bytes: ask(`{ users(first: 100) { edges { node { ${'orders(first: 100) { edges { node { customer { '.repeat(4)} id ${'} } } } '.repeat(4)} } } } }`, undefined, as(administrator)), withinMs: 20_000 },
  ...[['name NUL', { name: '\0' }], ['name empty', { name: '' }], ['name long', { name: 'n'.repeat(100_000) }], ['name invisible', { name: '\u200b' }], ['name turned', { name: 'Ada\u202eadA' }], ['name in two lines', { name: 'a\u2028b' }], ['email none', { email: 'x' }], ['email NUL', { email: 'a\0@b.c' }], ['email to a network', { email: 'v@[127.0.0.1]' }], ['email in brackets', { email: '<a@x.de>' }], ['email two lines', { email: 'a@b.c\nbcc: x@y.z' }], ['locale nonsense', { locale: '../../etc' }]]
    .map(([name, input]) => ({ name: `profile: ${name}`, bytes: ask('mutation($i: UpdateProfileInput!) { updateProfile(input: $i) { user { id } errors { __typename } } }', { i: input }, as(customer)), domainError: 'updateProfile' })),
  { name: 'profile: of another user', bytes: ask('mutation($i: UpdateProfileInput!) { updateProfile(input: $i) { user { id } errors { __typename } } }', { i: { userId: global('User:00000000-0000-4000-8000-000000000000'), name: 'Mallory' } }, as(customer)), code: 'FORBIDDEN' },
  ...[['NUL', '\0'], ['empty', ''], ['long', 'x'.repeat(100_000)]]
    .map(([name, text]) => ({ name: `address: ${name}`, bytes: ask('mutation($a: AddressInput!) { addAddress(input: { address: $a }) { address { id } errors { __typename } } }', { a: { label: text, recipient: text, street: text, city: text, postalCode: text, country: 'DE' } }, as(customer)), domainError: 'addAddress' })),
  ...[
    ['sku NUL', { sku: 'A\0B' }], ['sku long', { sku: 'S'.repeat(100_000) }], ['name NUL', { name: 'a\0' }], ['price negative', { price: { amountMinor: '-1', currency: 'EUR' } }],
    ['weight negative', { weight: -1 }], ['stock negative', { stock: -1 }],
    ['5,000 attributes', { attributes: Array.from({ length: 5_000 }, (_, i) => ({ name: `n${i}`, value: 'v' })) }], ['attribute NUL', { attributes: [{ name: 'a', value: '\0' }] }],
  ].map(([name, part]) => ({ name: `product: ${name}`, bytes: createProduct(part, administrator), domainError: 'createProduct' })),
  { name: 'product: by a customer', bytes: createProduct({}, customer), code: 'FORBIDDEN' },
  { name: 'product: by nobody', bytes: createProduct({}, anonymous), code: 'UNAUTHENTICATED' },
  { name: 'costly: a customer in their orders in the customer, 4 deep', bytes: ask(`{ me { ${'orders(first: 100) { edges { node { customer { '.repeat(4)} id ${'} } } } '.repeat(4)} } }`, undefined, as(customer)), withinMs: 5_000 },
  { name: 'page: usual', bytes: ask(firstProducts, { first: 3 }), answered: true },
];

function createProduct(part, who) {
  const input = { sku: 'ATTACK-1', name: 'Attack', description: 'x', price: { amountMinor: '100', currency: 'EUR' }, category: 'attack', attributes: [], weight: 1, stock: 1, ...part };
  return ask('mutation($i: CreateProductInput!) { createProduct(input: $i) { product { id } errors { __typename } } }', { i: input }, as(who));
}
