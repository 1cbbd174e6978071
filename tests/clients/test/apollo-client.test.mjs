// Apollo Client 4's core with its own HttpLink and InMemoryCache, as npm delivers them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { relayStylePagination } from '@apollo/client/utilities';
import { filter, firstValueFrom, timeout } from 'rxjs';
import * as buying from '../buying.mjs';
import * as shop from '../harness.mjs';

const as = (headers, options = {}) => new ApolloClient({
  link: new HttpLink({ uri: shop.endpoint, headers, ...options }),
  cache: new InMemoryCache({ typePolicies: { Query: { fields: { products: relayStylePagination() } } } }),
  clientAwareness: { name: 'clients-test', version: '1.0.0' },
});
const query = (client, source, variables) => client.query({ query: gql(source), variables });
const refused = async (promise) => {
  const error = await promise.then(() => assert.fail('the server should have refused'), (raised) => raised);
  assert.ok(CombinedGraphQLErrors.is(error), `GraphQL errors, not ${error}`);
  return error;
};

test('joins users, orders and products for an administrator', async () => {
  const { data } = await query(as(shop.administrator), shop.usersWithOrders, { users: 5, orders: 2 });
  shop.assertUsersWithOrders(data, 5, 2);
});

test('answers a query sent by GET', async () => {
  const { data } = await query(as(shop.administrator, { useGETForQueries: true }), shop.usersWithOrders, { users: 3, orders: 2 });
  shop.assertUsersWithOrders(data, 3, 2);
});

test('tells a customer who they are, and reads it again from the cache', async () => {
  const client = as(shop.customer);
  const { data } = await query(client, shop.me);
  const cached = await client.query({ query: gql(shop.me), fetchPolicy: 'cache-only' });
  assert.deepEqual(cached.data, data);
  assert.ok(data.me.email.includes('@'));
});

test('normalises an entity of every subgraph by its id', async () => {
  const client = as(shop.administrator);
  await query(client, shop.usersWithOrders, { users: 4, orders: 2 });
  const types = new Set(Object.keys(client.cache.extract()).map((key) => key.split(':')[0]));
  for (const type of ['User', 'Order', 'Product']) assert.ok(types.has(type), `${type} in the cache`);
});

test('merges pages of a Relay connection', async () => {
  const client = as(shop.anonymous);
  const watched = client.watchQuery({ query: gql(shop.firstProducts), variables: { first: 3 } });
  const subscription = watched.subscribe(() => {});
  const { data } = await watched.refetch();
  await watched.fetchMore({ variables: { after: data.products.pageInfo.endCursor } });
  subscription.unsubscribe();
  const merged = client.readQuery({ query: gql(shop.firstProducts), variables: { first: 3 } }).products;
  assert.equal(new Set(merged.edges.map((edge) => edge.node.id)).size, 6);
});

test('refuses the list of users to a customer with FORBIDDEN', async () => {
  const error = await refused(query(as(shop.customer), shop.usersWithOrders, { users: 1, orders: 1 }));
  shop.assertCode(error.errors, 'FORBIDDEN');
});

test('refuses the list of users to an anonymous caller with UNAUTHENTICATED', async () => {
  const error = await refused(query(as(shop.anonymous), shop.usersWithOrders, { users: 1, orders: 1 }));
  shop.assertCode(error.errors, 'UNAUTHENTICATED');
});

test('carries variables', async () => {
  const client = as(shop.anonymous);
  const { node } = (await query(client, shop.firstProducts, { first: 2 })).data.products.edges[1];
  const { data } = await query(client, shop.productById, { id: node.id, withSku: false });
  assert.equal(data.product.name, node.name);
  assert.ok(!('sku' in data.product));
});

test('returns a typed domain error from a mutation', async () => {
  const { data } = await as(shop.customer).mutate({
    mutation: gql(shop.placeOrder),
    variables: { input: shop.orderInput(shop.unknownProductId) },
  });
  shop.assertUnknownProduct(data.placeOrder);
});

/** Past the cache: what the server says now. */
const asking = (client) => async (source, variables) =>
  (await client.query({ query: gql(source), variables, fetchPolicy: 'network-only' })).data;
const place = async (client, input) => (await client.mutate({ mutation: gql(shop.placeOrder), variables: { input } })).data.placeOrder;

test('places an order, and polls until it is paid', async () => {
  const client = as(shop.customer);
  const ask = asking(client);
  const before = await buying.productOnStock(ask, 2);
  const placed = await place(client, shop.orderInput(before.id, 2));
  buying.assertPlaced(placed);
  const polled = client.watchQuery({ query: gql(shop.orderOutcome), variables: { id: placed.order.id }, pollInterval: buying.POLL_MS });
  const { data } = await firstValueFrom(polled.pipe(
    filter((result) => result.dataState === 'complete' && !buying.isUnderWay(result.data.order)),
    timeout(buying.PURCHASE_MAX_MS),
  ));
  assert.equal(data.order.status, 'PAID');
  await buying.assertBought(ask, await buying.outcome(ask, placed.order.id), before);
});

test('places an order that comes to nothing, since its bank declines', async () => {
  const client = as(shop.customer);
  const ask = asking(client);
  const before = await buying.productOnStock(ask, 1);
  const placed = await place(client, shop.orderInput(before.id, 1, shop.cardWithoutMoney));
  buying.assertPlaced(placed);
  await buying.assertCameToNothing(ask, await buying.outcome(ask, placed.order.id), before, {
    reason: 'PAYMENT_DECLINED',
    payments: ['DECLINED'],
    kinds: ['ORDER_PLACED', 'PAYMENT_DECLINED', 'ORDER_CANCELLED'],
  });
});

test('shows a validation error', async () => {
  const error = await refused(query(as(shop.anonymous), '{ products(first: 1) { edgs { cursor } } }'));
  assert.match(error.errors[0].message, /edgs/);
  assert.ok(error.errors[0].extensions.code.length > 0);
});

test('shows a wrong variable type', async () => {
  const error = await refused(query(as(shop.anonymous), shop.firstProducts, { first: 'three' }));
  assert.match(error.errors[0].message, /first/);
});
