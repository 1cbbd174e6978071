// What every client test shares: where the server is, who calls, and the documents that are sent.
// It must never wrap or patch a client: the clients stand here exactly as npm delivers them.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const required = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}: see tests/clients/README.md`);
  return value;
};

/** The running server's origin, e.g. http://127.0.0.1:4000 */
export const origin = required('SUPERGRAPH_URL').replace(/\/(graphql\/?)?$/, '');
export const endpoint = `${origin}/graphql`;

/** A token may come bare or as the printed `Authorization: Bearer …` line. */
const authorization = (name) => `Bearer ${required(name).replace(/^(authorization:)?\s*(bearer\s+)?/i, '').trim()}`;
export const customer = { authorization: authorization('CUSTOMER_TOKEN') };
export const administrator = { authorization: authorization('ADMINISTRATOR_TOKEN') };
export const anonymous = {};

export const operation = (name) => readFileSync(new URL(`operations/${name}.graphql`, import.meta.url), 'utf8');
export const usersWithOrders = operation('users-with-orders');
export const me = operation('me');
export const productById = operation('product-by-id');
export const firstProducts = operation('first-products');
export const placeOrder = operation('place-order');
export const deferredOrders = operation('deferred-orders');
export const productsOnStock = operation('products-on-stock');
export const orderOutcome = operation('order-outcome');
export const notifications = operation('notifications');

/** Means of payment of the test provider: one that is good, and one whose bank declines. */
export const card = 'pm_card_visa';
export const cardWithoutMoney = 'pm_card_visa_chargeDeclinedInsufficientFunds';

/** An id of the right form that nothing has: global ids are `Type:uuid` in unpadded base64url. */
export const unknownProductId = Buffer.from('Product:00000000-0000-4000-8000-000000000000').toString('base64url');
export const orderInput = (productId, quantity = 1, paymentMethod = card) =>
  ({ idempotencyKey: randomUUID(), paymentMethod, lines: [{ productId, quantity }] });

/** The cache keys and `__typename`s that clients add are theirs; the data below is the server's. */
export function assertUsersWithOrders(data, users, orders) {
  assert.equal(data.users.edges.length, users, 'as many users as asked for');
  assert.equal(typeof data.users.pageInfo.hasNextPage, 'boolean');
  let lines = 0;
  for (const { node: user, cursor } of data.users.edges) {
    assert.ok(cursor.length > 0 && user.id.length > 0 && user.name.length > 0, 'users subgraph answered');
    assert.ok(user.orders.edges.length <= orders, 'no more orders than asked for');
    for (const { node: order } of user.orders.edges) {
      assert.ok(order.number.length > 0, 'orders subgraph answered');
      assert.match(order.total.amountMinor, /^-?\d+$/, 'money is text, never a float');
      for (const line of order.lines) {
        lines += 1;
        assert.ok(line.product.name.length > 0 && line.product.sku.length > 0, 'products subgraph answered');
        assert.match(line.product.price.currency, /^[A-Z]{3}$/);
      }
    }
  }
  assert.ok(lines > 0, 'at least one product reached through all three subgraphs');
}

export function assertCode(errors, code) {
  assert.ok(errors?.length > 0, 'there is an error');
  assert.ok(errors[0].message.length > 0, 'the error has a message');
  assert.equal(errors[0].extensions?.code, code);
}

export function assertUnknownProduct(payload) {
  assert.equal(payload.order, null);
  assert.deepEqual(payload.errors.map((error) => error.__typename), ['UnknownProductError']);
  assert.ok(payload.errors[0].message.length > 0);
}
