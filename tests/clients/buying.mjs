// What becomes of an order. It is placed at once and bought in the background: kept in stock, paid, told. So these ask
// until it has come to its end, within a bound, and only then look at stock, payments and notifications.
// `ask(document, variables)` is how each client asks, past its cache; it gives the data, or fails.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as shop from './harness.mjs';

/** A purchase takes a dozen transactions and as many messages; the rest is patience with a loaded machine. */
export const PURCHASE_MAX_MS = 60_000;
export const POLL_MS = 100;
/** More than one order tells; orders of other tests may have been told since. */
const NOTIFICATIONS = 20;

/** The statuses in which the purchase goes on by itself. */
export const isUnderWay = (order) => ['PLACED', 'RESERVED'].includes(order.status);

/** Asks until there is an answer other than undefined, and gives it. */
async function eventually(what, probe) {
  const end = Date.now() + PURCHASE_MAX_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    assert.ok(Date.now() < end, `${what} within ${PURCHASE_MAX_MS} ms`);
    await delay(POLL_MS);
  }
}

/** A product of which there are so many pieces, as it stands now. */
export async function productOnStock(ask, pieces) {
  const { products } = await ask(shop.productsOnStock, { first: 50 });
  const found = products.edges.find(({ node }) => node.stock >= pieces);
  assert.ok(found, `a product with ${pieces} pieces`);
  return found.node;
}

/** An order just placed: taken, and nothing more. */
export function assertPlaced(payload) {
  assert.deepEqual(payload.errors, []);
  assert.ok(payload.order.number.length > 0);
  assert.equal(payload.order.status, 'PLACED');
}

/** The order once nothing more happens to it by itself. */
export const outcome = (ask, id) => eventually('an end of the order', async () => {
  const { order } = await ask(shop.orderOutcome, { id });
  return isUnderWay(order) ? undefined : order;
});

/** All that was to be told of an order was told, each once. */
export async function assertTold(ask, id, kinds) {
  const told = async () => {
    const { me } = await ask(shop.notifications, { first: NOTIFICATIONS });
    return me.notifications.edges.map(({ node }) => node).filter(({ order }) => order?.id === id).map(({ kind }) => kind).sort();
  };
  const found = await eventually(`${kinds.length} notifications`, async () => {
    const these = await told();
    return these.length >= kinds.length ? these : undefined;
  });
  assert.deepEqual(found, [...kinds].sort());
}

/** An order of one line was kept, paid once and told; of its product there are as many pieces fewer. */
export async function assertBought(ask, order, before) {
  const [line] = order.lines;
  assert.equal(order.status, 'PAID');
  assert.equal(order.cancellationReason, null);
  assert.equal(BigInt(order.total.amountMinor), BigInt(before.price.amountMinor) * BigInt(line.quantity));
  assert.equal(order.payments.length, 1, 'paid once');
  const [payment] = order.payments;
  assert.equal(payment.status, 'CAPTURED');
  assert.deepEqual([payment.amount, payment.amountCaptured], [order.total, order.total]);
  assert.equal(line.product.stock, before.stock - line.quantity, 'stock has fallen once');
  await assertTold(ask, order.id, ['ORDER_PLACED', 'PAYMENT_RECEIVED']);
}

/** An order came to nothing: nobody has paid, it was told, and all pieces are there again. */
export async function assertCameToNothing(ask, order, before, { reason, payments, kinds }) {
  assert.equal(order.status, 'CANCELLED');
  assert.equal(order.cancellationReason, reason);
  assert.deepEqual(order.payments.map(({ status }) => status), payments);
  for (const { amountCaptured } of order.payments) assert.equal(amountCaptured.amountMinor, '0');
  await eventually('all pieces to be there again', async () => {
    const { order: { lines: [{ product }] } } = await ask(shop.orderOutcome, { id: order.id });
    return product.stock === before.stock ? product : undefined;
  });
  await assertTold(ask, order.id, kinds);
}
