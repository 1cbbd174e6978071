// `@defer` as each client reads it by itself: Apollo Client 4 with either of its handlers, urql, and Relay's runtime.
// One operation for all: users, then the orders of each, then what was in each order.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client/core';
import { Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { Client, fetchExchange } from '@urql/core';
import { meros } from 'meros/browser';
import RelayRuntime from 'relay-runtime';
import * as shop from '../harness.mjs';

const USERS = 3;
const people = (data) => data.users.edges.map((edge) => edge.node);
const has = (user, field) => user[field] !== undefined;

/** Everything that an operation without `@defer` gives, for comparison. */
async function whole() {
  const answer = await fetch(shop.endpoint, {
    method: 'POST',
    headers: { ...shop.administrator, 'content-type': 'application/json' },
    body: JSON.stringify({ query: shop.deferredOrders, variables: { users: USERS, later: false } }),
  });
  return (await answer.json()).data;
}

/** The client's own marks do not count. */
const bare = (value) => JSON.parse(JSON.stringify(value, (key, inner) => (key === '__typename' ? undefined : inner)));

for (const [name, handler] of [['20220824', Defer20220824Handler], ['GraphQL17Alpha9', GraphQL17Alpha9Handler]]) {
  const watch = (query, variables) => {
    const client = new ApolloClient({
      link: new HttpLink({ uri: shop.endpoint, headers: shop.administrator }),
      cache: new InMemoryCache(),
      incrementalHandler: new handler(),
    });
    return new Promise((resolve, reject) => {
      const results = [];
      client.watchQuery({ query: gql(query), variables }).subscribe({
        next: (result) => {
          results.push(result);
          if (result.error) reject(result.error);
          else if (result.dataState === 'complete') resolve(results);
        },
        error: reject,
      });
    });
  };

  test(`Apollo Client with its handler ${name} shows users before their orders`, async () => {
    const results = await watch(shop.deferredOrders, { users: USERS });
    const shown = results.filter((result) => result.data);
    assert.equal(shown[0].dataState, 'streaming');
    assert.ok(people(shown[0].data).every((user) => has(user, 'name') && !has(user, 'orders')), 'users alone');
    assert.deepEqual(bare(shown.at(-1).data), await whole());
  });

  test(`Apollo Client with its handler ${name} reads a deferred root field`, async () => {
    const results = await watch('{ first: __typename ... @defer { me { id name } } }');
    assert.equal(results.at(-1).data.first, 'Query');
    assert.ok(results.at(-1).data.me.id.length > 0);
  });

  test(`Apollo Client with its handler ${name} gets no parts where nothing is deferred`, async () => {
    const results = await watch(shop.deferredOrders, { users: USERS, later: false });
    assert.ok(results.every((result) => result.dataState !== 'streaming'));
    assert.deepEqual(bare(results.at(-1).data), await whole());
  });
}

for (const [name, headers] of [
  ['as it is', {}],
  ['asking for the newer form', { accept: 'multipart/mixed;incrementalSpec=v0.2, application/json' }],
]) {
  test(`urql ${name} shows users before their orders`, async () => {
    const client = new Client({
      url: shop.endpoint,
      exchanges: [fetchExchange],
      fetchOptions: { headers: { ...shop.administrator, ...headers } },
      preferGetMethod: false,
    });
    const results = await new Promise((resolve) => {
      const all = [];
      client.query(shop.deferredOrders, { users: USERS }).subscribe((result) => {
        all.push({ ...result, data: structuredClone(result.data) });
        if (!result.hasNext) resolve(all);
      });
    });
    assert.ok(results.every((result) => result.error === undefined));
    assert.ok(results[0].hasNext && people(results[0].data).every((user) => !has(user, 'orders')), 'users alone');
    assert.deepEqual(bare(results.at(-1).data), await whole());
  });
}

test('Relay shows users before their orders', async () => {
  const { Environment, Network, Observable, RecordSource, Store, createOperationDescriptor } = RelayRuntime;
  const states = [];
  const fetchParts = (request, variables) => Observable.create((sink) => {
    (async () => {
      const response = await fetch(shop.endpoint, {
        method: 'POST',
        headers: { ...shop.administrator, 'content-type': 'application/json', accept: 'multipart/mixed;deferSpec=20220824, application/json' },
        body: JSON.stringify({ query: request.text, variables }),
      });
      for await (const { body } of await meros(response)) {
        // Relay takes payloads one by one.
        for (const payload of body.incremental ?? [body]) sink.next({ ...payload, hasNext: body.hasNext });
      }
    })().then(() => sink.complete(), (error) => sink.error(error));
  });
  const environment = new Environment({
    network: Network.create(fetchParts),
    store: new Store(new RecordSource()),
  });
  const operation = createOperationDescriptor(relayRequest, { users: USERS, later: true });
  const records = () => Object.values(environment.getStore().getSource().toJSON());
  const users = () => records().filter((record) => record.__typename === 'User');
  await new Promise((resolve, reject) => environment.execute({ operation }).subscribe({
    next: () => states.push({
      users: users().length,
      orders: users().filter((user) => user['orders(first:1)']).length,
      lines: records().filter((record) => record.lines).length,
    }),
    complete: resolve,
    error: reject,
  }));
  assert.deepEqual(states[0], { users: USERS, orders: 0, lines: 0 });
  const nodes = people(await whole());
  const placed = nodes.flatMap((user) => user.orders.edges);
  assert.deepEqual(states.at(-1), { users: USERS, orders: USERS, lines: placed.length });
});

// What relay-compiler makes of the operation, as far as the runtime reads it.
const scalar = (name) => ({ kind: 'ScalarField', name, alias: null, args: null, storageKey: null });
const linked = (name, concreteType, selections, more = {}) => ({
  kind: 'LinkedField', name, alias: null, args: null, storageKey: null, plural: false, concreteType, selections, ...more,
});
const literal = (name, value) => ({ kind: 'Literal', name, value });
const defer = (label, selections) => ({ kind: 'Defer', if: 'later', label, selections });
const lines = linked('lines', 'OrderLine', [scalar('quantity'), linked('product', 'Product', [scalar('id'), scalar('name')])], { plural: true });
const order = linked('node', 'Order', [scalar('id'), scalar('number'), defer('Orders$defer$Lines', [lines])]);
const orders = linked('orders', 'OrderConnection', [linked('edges', 'OrderEdge', [order], { plural: true })], {
  args: [literal('first', 1)], storageKey: 'orders(first:1)',
});
const user = linked('node', 'User', [scalar('id'), scalar('name'), defer('DeferredOrders$defer$Orders', [orders])]);
const selections = [linked('users', 'UserConnection', [linked('edges', 'UserEdge', [user], { plural: true })], {
  args: [{ kind: 'Variable', name: 'first', variableName: 'users' }],
})];
const argumentDefinitions = [
  { kind: 'LocalArgument', name: 'users', defaultValue: null },
  { kind: 'LocalArgument', name: 'later', defaultValue: true },
];
const relayRequest = {
  kind: 'Request',
  fragment: { kind: 'Fragment', name: 'DeferredOrders', type: 'Query', abstractKey: null, metadata: null, argumentDefinitions, selections: [] },
  operation: { kind: 'Operation', name: 'DeferredOrders', argumentDefinitions, selections },
  params: { id: null, cacheID: 'deferred-orders', name: 'DeferredOrders', operationKind: 'query', metadata: {}, text: shop.deferredOrders },
};
