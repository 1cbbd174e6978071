// graphql-request, as npm delivers it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError, GraphQLClient, batchRequests, gql } from 'graphql-request';
import * as buying from '../buying.mjs';
import * as shop from '../harness.mjs';

const as = (headers, options = {}) => new GraphQLClient(shop.endpoint, { headers, ...options });
const refused = async (promise) => {
  const error = await promise.then(() => assert.fail('the server should have refused'), (raised) => raised);
  assert.ok(error instanceof ClientError, `a ClientError, not ${error}`);
  return error.response;
};

test('joins users, orders and products for an administrator', async () => {
  const data = await as(shop.administrator).request(shop.usersWithOrders, { users: 5, orders: 2 });
  shop.assertUsersWithOrders(data, 5, 2);
});

test('answers a query sent by GET', async () => {
  const data = await as(shop.administrator, { method: 'GET' }).request(shop.usersWithOrders, { users: 3, orders: 2 });
  shop.assertUsersWithOrders(data, 3, 2);
});

test('tells a customer who they are', async () => {
  const { me } = await as(shop.customer).request(shop.me);
  assert.ok(me.id && me.name && me.email.includes('@'));
});

test('refuses the list of users to a customer with FORBIDDEN', async () => {
  const response = await refused(as(shop.customer).request(shop.usersWithOrders, { users: 1, orders: 1 }));
  shop.assertCode(response.errors, 'FORBIDDEN');
});

test('refuses the list of users to an anonymous caller with UNAUTHENTICATED', async () => {
  const response = await refused(as(shop.anonymous).request(shop.usersWithOrders, { users: 1, orders: 1 }));
  shop.assertCode(response.errors, 'UNAUTHENTICATED');
});

test("keeps another customer's order from a customer", async () => {
  const { me } = await as(shop.customer).request(shop.me);
  const { orders } = await as(shop.administrator).request('{ orders(first: 50) { edges { node { id customer { id } } } } }');
  const foreign = orders.edges.find(({ node }) => node.customer.id !== me.id).node;
  const query = 'query($id: ID!) { order(id: $id) { number } node(id: $id) { id } }';
  assert.deepEqual(await as(shop.customer).request(query, { id: foreign.id }), { order: null, node: null });
});

test('refuses a token that nobody signed with UNAUTHENTICATED', async () => {
  const forged = { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.' };
  const response = await refused(as(forged).request(shop.me));
  assert.equal(response.status, 401);
  shop.assertCode(response.errors, 'UNAUTHENTICATED');
});

test('carries variables, their defaults and directives', async () => {
  const client = as(shop.anonymous);
  const { products } = await client.request(shop.firstProducts, { first: 3 });
  assert.equal(products.edges.length, 3);
  const { node } = products.edges[1];
  const { product } = await client.request(shop.productById, { id: node.id });
  assert.equal(product.sku, node.sku);
  const without = await client.request(shop.productById, { id: node.id, withSku: false });
  assert.deepEqual(Object.keys(without.product), ['id', 'name', 'price']);
});

test('pages forward without repeating an item', async () => {
  const client = as(shop.anonymous);
  const first = (await client.request(shop.firstProducts, { first: 4 })).products;
  const second = (await client.request(shop.firstProducts, { first: 4, after: first.pageInfo.endCursor })).products;
  const ids = [...first.edges, ...second.edges].map((edge) => edge.node.id);
  assert.equal(new Set(ids).size, 8);
});

test('returns a typed domain error from a mutation', async () => {
  const data = await as(shop.customer).request(shop.placeOrder, { input: shop.orderInput(shop.unknownProductId) });
  shop.assertUnknownProduct(data.placeOrder);
});

test('places an order once for one idempotency key, and has it paid once', async () => {
  const client = as(shop.customer);
  const ask = (source, variables) => client.request(source, variables);
  const before = await buying.productOnStock(ask, 2);
  const input = shop.orderInput(before.id, 2);
  const [one, two] = await Promise.all([1, 2].map(() => client.request(shop.placeOrder, { input })));
  buying.assertPlaced(one.placeOrder);
  assert.equal(one.placeOrder.order.lines[0].quantity, 2);
  assert.equal(two.placeOrder.order.id, one.placeOrder.order.id);
  await buying.assertBought(ask, await buying.outcome(ask, one.placeOrder.order.id), before);
});

test("keeps a customer's payments and notifications from others", async () => {
  const { me } = await as(shop.customer).request(shop.me);
  const { users } = await as(shop.administrator).request('{ users(first: 20) { edges { node { id } } } }');
  const { node: other } = users.edges.find(({ node }) => node.id !== me.id);
  const told = await refused(as(shop.customer).request('query($id: ID!) { user(id: $id) { notifications(first: 1) { edges { node { id } } } } }', { id: other.id }));
  shop.assertCode(told.errors, 'FORBIDDEN');
  assert.equal(told.data.user.notifications, null);
  const paid = await refused(as(shop.customer).request('{ payments(first: 1) { edges { node { id } } } }'));
  shop.assertCode(paid.errors, 'FORBIDDEN');
  assert.equal(paid.data.payments, null);
});

test('shows a syntax error', async () => {
  const response = await refused(as(shop.anonymous).request('query Broken { products(first: 1) {'));
  assert.equal(response.status, 400);
  assert.ok(response.errors[0].locations?.length > 0, 'says where');
  assert.ok(response.errors[0].extensions.code.length > 0);
});

test('shows a validation error', async () => {
  const response = await refused(as(shop.anonymous).request(gql`{ products(first: 1) { edgs { cursor } } }`));
  assert.equal(response.status, 400);
  assert.match(response.errors[0].message, /edgs/);
  assert.match(response.errors[0].message, /edges/, 'suggests the field that exists');
  assert.equal(response.data, undefined);
});

test('shows a wrong variable type and a missing variable', async () => {
  for (const variables of [{ first: 'three' }, {}]) {
    const response = await refused(as(shop.anonymous).request(shop.firstProducts, variables));
    assert.equal(response.status, 400);
    assert.match(response.errors[0].message, /first/);
  }
});

test('refuses a batch with a readable error', async () => {
  const batch = batchRequests(shop.endpoint, [{ document: shop.me }, { document: shop.me }], shop.customer);
  const response = await refused(batch);
  assert.ok(response.status >= 400 && response.status < 500);
});
