// urql's core client, as npm delivers it. It asks for event streams and multipart in `Accept` on every query.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import * as buying from '../buying.mjs';
import * as shop from '../harness.mjs';

const as = (headers, options = {}) => new Client({
  url: shop.endpoint,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: { headers },
  preferGetMethod: false,
  ...options,
});
const answered = async (source) => {
  const result = await source.toPromise();
  assert.equal(result.error, undefined);
  return result.data;
};
const refused = async (source) => {
  const { error } = await source.toPromise();
  assert.ok(error, 'the server should have refused');
  assert.equal(error.networkError, undefined, 'a GraphQL error, not a network error');
  return error.graphQLErrors;
};

test('joins users, orders and products for an administrator', async () => {
  const data = await answered(as(shop.administrator).query(shop.usersWithOrders, { users: 5, orders: 2 }));
  shop.assertUsersWithOrders(data, 5, 2);
});

test('answers a query sent by GET', async () => {
  const client = as(shop.administrator, { preferGetMethod: 'force' });
  shop.assertUsersWithOrders(await answered(client.query(shop.usersWithOrders, { users: 3, orders: 2 })), 3, 2);
});

test('tells a customer who they are', async () => {
  const { me } = await answered(as(shop.customer).query(shop.me, {}));
  assert.ok(me.id && me.name && me.email.includes('@'));
});

test('refuses the list of users to a customer with FORBIDDEN', async () => {
  shop.assertCode(await refused(as(shop.customer).query(shop.usersWithOrders, { users: 1, orders: 1 })), 'FORBIDDEN');
});

test('refuses the list of users to an anonymous caller with UNAUTHENTICATED', async () => {
  const errors = await refused(as(shop.anonymous).query(shop.usersWithOrders, { users: 1, orders: 1 }));
  shop.assertCode(errors, 'UNAUTHENTICATED');
});

test('carries variables', async () => {
  const client = as(shop.anonymous);
  const { products } = await answered(client.query(shop.firstProducts, { first: 2 }));
  const { product } = await answered(client.query(shop.productById, { id: products.edges[1].node.id }));
  assert.equal(product.sku, products.edges[1].node.sku);
});

test('returns a typed domain error from a mutation', async () => {
  const input = shop.orderInput(shop.unknownProductId);
  const data = await answered(as(shop.customer).mutation(shop.placeOrder, { input }));
  shop.assertUnknownProduct(data.placeOrder);
});

/** Past the cache: what the server says now. */
const asking = (client) => (source, variables) => answered(client.query(source, variables, { requestPolicy: 'network-only' }));
const place = async (client, input) => (await answered(client.mutation(shop.placeOrder, { input }))).placeOrder;

test('places an order, which is paid', async () => {
  const client = as(shop.customer);
  const ask = asking(client);
  const before = await buying.productOnStock(ask, 1);
  const placed = await place(client, shop.orderInput(before.id));
  buying.assertPlaced(placed);
  await buying.assertBought(ask, await buying.outcome(ask, placed.order.id), before);
});

test('places an order that comes to nothing, since it is for more pieces than there are', async () => {
  const client = as(shop.customer);
  const ask = asking(client);
  const before = await buying.productOnStock(ask, 1);
  const placed = await place(client, shop.orderInput(before.id, before.stock + 1));
  buying.assertPlaced(placed);
  await buying.assertCameToNothing(ask, await buying.outcome(ask, placed.order.id), before, {
    reason: 'OUT_OF_STOCK',
    payments: [],
    kinds: ['ORDER_PLACED', 'ORDER_CANCELLED'],
  });
});

test('shows a validation error', async () => {
  const errors = await refused(as(shop.anonymous).query('{ products(first: 1) { edgs { cursor } } }', {}));
  assert.match(errors[0].message, /edgs/);
  assert.ok(errors[0].extensions.code.length > 0);
});

test('shows a wrong variable type', async () => {
  const errors = await refused(as(shop.anonymous).query(shop.firstProducts, { first: 'three' }));
  assert.match(errors[0].message, /first/);
});
