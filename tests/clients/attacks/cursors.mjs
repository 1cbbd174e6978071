// Cursors that nobody was given: those of other lists, of rows that can't be, of times that no database knows. And a
// few that could have been given, which show that the forged ones have the right form.
import { administrator, customer, unknownProductId } from '../harness.mjs';
import { ask } from './wire.mjs';

const global = (text) => Buffer.from(text).toString('base64url');
const nothing = (type) => global(`${type}:00000000-0000-4000-8000-000000000000`);
const payment = '00000000-0000-4000-8000-000000000000';
const cursor = (ordering, key) => global(JSON.stringify([ordering, key]));
/** Times are microseconds, and JavaScript's numbers can't write all that a cursor can. */
const at = (time) => (ordering, key) => global(JSON.stringify([ordering, key]).replace('"TIME"', time));

const lists = (forge) => [
  ['products', (rest) => `{ products(orderBy: NEWEST, ${rest}) { edges { node { id } } } }`, forge('products:newest', { Age: ['TIME', unknownProductId] }), administrator],
  ['orders', (rest) => `{ orders(${rest}) { edges { node { id } } } }`, forge('orders:newest', { placed_at: 'TIME', id: nothing('Order') }), administrator],
  ['users', (rest) => `{ users(${rest}) { edges { node { id } } } }`, forge('users:created', ['TIME', nothing('User')]), administrator],
  ['payments', (rest) => `{ payments(${rest}) { edges { node { id } } } }`, forge('payments:newest', { requested_at: 'TIME', id: payment }), administrator],
  ['notifications', (rest) => `{ me { notifications(${rest}) { edges { node { id } } } } }`, forge('notifications:newest', { occurred_at: 'TIME', id: nothing('Notification') }), customer],
  ['order history', (rest) => `{ orderHistory(${rest}) { edges { node { orderId } } } }`, forge('order-history:newest', 'TIME'), customer],
];
const given = (time, expected) => lists(at(time)).flatMap(([name, query, forged, who]) => ['after', 'before'].map((side) => ({
  name: `cursor: ${name} ${side} ${time}`, bytes: ask(query(`${side}: "${forged}"`), undefined, Object.entries(who)), ...expected,
})));

/** The first and the last moment that a cursor can name: the years 1 to 9999. */
const TIMES = ['-62135596800000000', '0', '253402300799999999'];
const NO_TIMES = ['"-262143-01-01T00:00:00Z"', '"0001-01-01T00:00:00Z"', '1.5', '1e300', '-9223372036854775809', '9223372036854775808', 'null', '[]'];
/** Times too far, but positions in a list that is kept by numbers. */
const FAR_TIMES = ['-9223372036854775808', '-210930000000000000', '-62135596800000001', '253402300800000000', '9223372036854775807'];

const KEYS = [
  ['product name with NUL', `products(after: "${cursor('products:name', { Name: ['\0', unknownProductId] })}")`],
  ['product of another order', `products(after: "${cursor('products:name', { Price: ['EUR', 1, unknownProductId] })}")`],
  ['product currency with NUL', `products(orderBy: PRICE_ASCENDING, after: "${cursor('products:price', { Price: ['\0', 1, unknownProductId] })}")`],
  ['orders by a place among payments', `orders(after: "${cursor('payments:newest', { requested_at: 0, id: payment })}")`],
];

export const cursors = [
  ...KEYS.map(([name, field]) => ({ name: `cursor: ${name}`, bytes: ask(`{ ${field} { edges { node { id } } } }`, undefined, Object.entries(administrator)), code: 'INVALID_PAGINATION' })),
  ...TIMES.flatMap((time) => given(time, { answered: true })),
  ...NO_TIMES.flatMap((time) => given(time, { code: 'INVALID_PAGINATION' })),
  ...FAR_TIMES.flatMap((time) => given(time, {}).map((attack) => ({ ...attack, code: attack.name.includes('history') ? ['INVALID_PAGINATION', null] : 'INVALID_PAGINATION' }))),
];
