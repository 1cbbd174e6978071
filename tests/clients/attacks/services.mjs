// Carts, purchases, stock, payments, notifications and accounts: what isn't the caller's, and values that must be refused.
import { administrator, anonymous, card, customer, endpoint, firstProducts, placeOrder, unknownProductId } from '../harness.mjs';
import { ask } from './wire.mjs';

const as = (who) => Object.entries(who);
const global = (text) => Buffer.from(text).toString('base64url');
const nothing = (type) => global(`${type}:00000000-0000-4000-8000-000000000000`);
const long = 'x'.repeat(100_000);

/** A product that there is: a rule of numbers is looked at only there. */
async function knownProduct() {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: firstProducts, variables: { first: 1 } }),
  });
  return (await answer.json()).data.products.edges[0].node.id;
}
const known = await knownProduct();

/** A mutation with one input, by its field and its input's type. */
const change = (field, input, who) => {
  const type = `${field[0].toUpperCase()}${field.slice(1)}Input!`;
  return ask(`mutation($i: ${type}) { ${field}(input: $i) { errors { __typename } } }`, { i: input }, as(who));
};
/** One that the caller may send, with values that are answered by a typed error. */
const refused = (field, who, base, rows) =>
  rows.map(([name, part]) => ({ name: `${field}: ${name}`, bytes: change(field, { ...base, ...part }, who), answered: true, domainError: field }));

const stock = { id: unknownProductId };
const order = { id: nothing('Order'), expectedVersion: 1 };
const line = { productId: unknownProductId, quantity: 1 };
const address = { recipient: 'x', street: 'x', city: 'x', postalCode: 'x', country: 'DE' };
const payment = { orderId: nothing('Order'), customerId: nothing('User'), amount: { amountMinor: '1', currency: 'EUR' }, methodToken: card, idempotencyKey: 'attack' };
const refund = { paymentId: nothing('Payment'), amount: { amountMinor: '1', currency: 'EUR' }, idempotencyKey: 'attack' };
const orderRefund = { orderId: nothing('Order'), amount: { amountMinor: '1', currency: 'EUR' }, reason: 'x', idempotencyKey: 'attack' };
const other = { userId: nothing('User') };

/** What is an administrator's to do: refused to customers, and to nobody in particular. */
const ADMINISTRATORS_MUTATIONS = [
  ['restock', { ...stock, quantity: 1 }],
  ['adjustStock', { ...stock, expectedVersion: 0, change: 1, reason: 'LOST' }],
  ['packOrder', order], ['shipOrder', order], ['deliverOrder', order], ['receiveReturn', order],
  ['createPayment', payment], ['refundPayment', refund], ['refundOrder', orderRefund],
  ['blockUser', other], ['unblockUser', other],
];
const OTHERS_MUTATIONS = [
  ['deleteAccount', { ...other, reason: 'x' }],
  ['updateNotificationPreferences', { ...other, orders: [] }],
  ['addAddress', { ...other, address: { label: 'x', ...address } }],
  ['markAllNotificationsRead', other],
];
const ADMINISTRATORS_QUERIES = [
  ['payments', '{ payments(first: 1) { edges { node { id } } } }'],
  ['stock reconciliation', '{ stockReconciliation { clean } }'],
  ['stock items', '{ products(first: 1) { edges { node { stockItems { onHand } } } } }'],
  ['order history of another', `{ orderHistory(customerId: "${other.userId}") { edges { node { orderId } } } }`],
  ['orders of another', `{ orders(filter: { customerId: "${other.userId}" }) { edges { node { id } } } }`],
];
const ids = [['of another type', unknownProductId], ['NUL', '\0'], ['long', long]];

export const services = [
  ...[['customer', customer, 'FORBIDDEN'], ['nobody', anonymous, 'UNAUTHENTICATED']].flatMap(([caller, who, code]) => [
    ...[...ADMINISTRATORS_MUTATIONS, ...OTHERS_MUTATIONS].map(([field, input]) => ({ name: `${field}: by ${caller}`, bytes: change(field, input, who), code })),
    ...ADMINISTRATORS_QUERIES.map(([name, query]) => ({ name: `${name}: by ${caller}`, bytes: ask(query, undefined, as(who)), code })),
  ]),
  ...[['addToCart', line], ['changeCartLine', line], ['removeFromCart', { productId: unknownProductId }],
    ['cancelOrder', { id: order.id }], ['requestReturn', { id: order.id, lines: [line] }], ['markNotificationsRead', { notificationIds: [nothing('Notification')] }],
    ['registerWebhook', { url: 'https://example.org/' }], ['removeWebhook', { webhookId: nothing('Webhook') }]]
    .map(([field, input]) => ({ name: `${field}: by nobody`, bytes: change(field, input, anonymous), code: 'UNAUTHENTICATED' })),

  ...['order', 'payment', 'notification'].flatMap((field) => ids.map(([name, id]) =>
    ({ name: `${field}: id ${name}`, bytes: ask(`query($id: ID!) { ${field}(id: $id) { id } }`, { id }, as(customer)), code: 'INVALID_ID' }))),

  ...refused('addToCart', customer, { ...line, productId: known }, [['of nothing', { productId: unknownProductId }], ['quantity 0', { quantity: 0 }], ['quantity -1', { quantity: -1 }], ['quantity huge', { quantity: 2147483647 }], ['version of the past', { expectedVersion: -1 }]]),
  ...refused('changeCartLine', customer, { ...line, productId: known }, [['of nothing', { productId: unknownProductId }], ['quantity -1', { quantity: -1 }], ['quantity huge', { quantity: 2147483647 }]]),
  ...refused('cancelOrder', customer, { id: order.id }, [['of nothing', {}]]),
  ...refused('requestReturn', customer, { id: order.id, lines: [line] }, [['of nothing', {}], ['no lines', { lines: [] }], ['5,000 lines', { lines: Array(5_000).fill(line) }], ['quantity -1', { lines: [{ ...line, quantity: -1 }] }]]),
  ...[['empty', ''], ['NUL', '\0'], ['long', long], ['not ASCII', '💥']].map(([name, paymentMethod]) =>
    ({ name: `placeOrder: payment method ${name}`, bytes: ask(placeOrder, { input: { idempotencyKey: 'attack', paymentMethod, lines: [line] } }, as(customer)), answered: true, domainError: 'placeOrder' })),
  ...[['NUL', '\0'], ['empty', ''], ['long', long]].map(([name, text]) =>
    ({ name: `placeOrder: address ${name}`, bytes: ask(placeOrder, { input: { idempotencyKey: 'attack', paymentMethod: card, lines: [line], shippingAddress: { ...address, street: text } } }, as(customer)), answered: true, domainError: 'placeOrder' })),

  ...refused('restock', administrator, { id: known, quantity: 1 }, [['of nothing', { id: unknownProductId }], ['quantity 0', { quantity: 0 }], ['quantity -1', { quantity: -1 }], ['quantity huge', { quantity: 2147483647 }], ['key NUL', { idempotencyKey: '\0' }], ['key long', { idempotencyKey: long }]]),
  ...refused('adjustStock', administrator, { id: known, expectedVersion: 1, change: 1, reason: 'COUNTED' }, [['of nothing', { id: unknownProductId }], ['by as little as can be', { change: -2147483648 }], ['version of the past', { expectedVersion: -1 }]]),
  ...refused('shipOrder', administrator, order, [['of nothing', {}], ['carrier NUL', { carrier: '\0' }], ['carrier long', { carrier: long }], ['tracking number long', { trackingNumber: long }], ['version of the past', { expectedVersion: -1 }]]),

  ...refused('createPayment', administrator, payment, [
    ['for nothing', {}],
    ...['0', '-1', '-9223372036854775808'].map((amountMinor) => [`amount ${amountMinor}`, { amount: { amountMinor, currency: 'EUR' } }]),
    ['currency that nobody takes', { amount: { amountMinor: '1', currency: 'JPY' } }],
    ['token empty', { methodToken: '' }], ['token NUL', { methodToken: '\0' }], ['token long', { methodToken: long }],
    ['key empty', { idempotencyKey: '' }], ['key NUL', { idempotencyKey: '\0' }], ['key long', { idempotencyKey: long }],
  ]),
  ...refused('refundOrder', administrator, orderRefund, [['of nothing', {}]]),
  ...refused('refundPayment', administrator, refund, [['of nothing', {}], ['amount -1', { amount: { amountMinor: '-1', currency: 'EUR' } }], ['key long', { idempotencyKey: long }]]),

  ...refused('registerWebhook', customer, {}, [
    ['nothing', ''], ['no URL', 'x'], ['NUL in a name', 'https://exa\0mple.org/'], ['long', `https://example.org/${long}`], ['without TLS', 'http://example.org/'],
    ['a file', 'file:///etc/passwd'], ['a name and a password', 'https://a:b@example.org/'], ['this machine', 'https://localhost/'],
    ['this machine by number', 'https://127.0.0.1/'], ['this machine by one number', 'https://2130706433/'], ['this machine in hexadecimal', 'https://0x7f.1/'],
    ['this machine by IPv6', 'https://[::1]/'], ['this machine as IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/'], ['any address', 'https://0.0.0.0/'],
    ['a private network', 'https://10.0.0.1/'], ['a link', 'https://169.254.169.254/latest/meta-data/'], ['a link by IPv6', 'https://[fe80::1]/'], ['a private network by IPv6', 'https://[fd00::1]/'],
  ].map(([name, url]) => [name, { url }])),
  ...refused('markNotificationsRead', customer, {}, [
    ['none', { notificationIds: [] }], ['one of nothing', { notificationIds: [nothing('Notification')] }], ['5,000', { notificationIds: Array(5_000).fill(nothing('Notification')) }],
  ]),
  ...refused('updateNotificationPreferences', customer, {}, [
    ...['', '../../etc/passwd', '\0', long].map((timeZone) => [`zone ${JSON.stringify(timeZone).slice(0, 20)}`, { timeZone }]),
    ...[['24:00', '01:00'], ['10:00', '10:00'], ['', ''], ['\0', '💥']].map(([from, to]) => [`quiet ${JSON.stringify([from, to])}`, { quietHours: { from, to } }]),
    ['never told of the account', { account: [] }], ['version of the past', { version: -1, digest: 'NONE' }],
  ]),
  ...refused('deleteAccount', administrator, { ...other, reason: 'x' }, [['of nothing', {}], ['no reason', { reason: null }], ['reason NUL', { reason: '\0' }], ['reason long', { reason: long }]]),
  ...refused('blockUser', administrator, other, [['of nothing', {}]]),
];
