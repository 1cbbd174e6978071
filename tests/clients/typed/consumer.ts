// Typed use of the generated documents: this file only has to pass `tsc`, with the mistakes in it refused.
import { GraphQLClient } from 'graphql-request';
import { Client, cacheExchange, fetchExchange } from '@urql/core';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core';
import type { Money } from '../.generated/schema.js';
import { FirstProductsDocument, MeDocument, OrderOutcomeDocument, PlaceOrderDocument, UsersWithOrdersDocument } from '../.generated/operations.js';

// The whole schema's types stand beside the operations' own.
export const money = (value: Money): string => `${value.amountMinor} ${value.currency}`;

export async function graphqlRequest(url: string): Promise<string[]> {
  const client = new GraphQLClient(url);
  const data = await client.request(UsersWithOrdersDocument, { users: 1, orders: 1 });
  const amounts: string[] = (data.users?.edges ?? []).flatMap(({ node }) => (node.orders?.edges ?? []).map((edge) => edge.node.total.amountMinor));
  // @ts-expect-error the variable is an Int
  await client.request(UsersWithOrdersDocument, { users: 'one', orders: 1 });
  // @ts-expect-error the field was not selected
  data.users?.edges[0]?.node.email;
  return amounts;
}

export async function urql(url: string): Promise<string | undefined> {
  const client = new Client({ url, exchanges: [cacheExchange, fetchExchange], preferGetMethod: false });
  const { data } = await client.query(FirstProductsDocument, { first: 1 }).toPromise();
  const name: string | undefined = data?.products?.edges[0]?.node.name;
  // @ts-expect-error a required variable is missing
  await client.query(FirstProductsDocument, {}).toPromise();
  return name;
}

export async function apollo(uri: string): Promise<string | null | undefined> {
  const client = new ApolloClient({ link: new HttpLink({ uri }), cache: new InMemoryCache() });
  const { data } = await client.query({ query: MeDocument });
  const placed = await client.mutate({
    mutation: PlaceOrderDocument,
    variables: { input: { idempotencyKey: 'a', paymentMethod: 'c', lines: [{ productId: 'b', quantity: 1 }] } },
  });
  await client.mutate({
    mutation: PlaceOrderDocument,
    // @ts-expect-error an order is paid by something
    variables: { input: { idempotencyKey: 'a', lines: [{ productId: 'b', quantity: 1 }] } },
  });
  for (const error of placed.data?.placeOrder?.errors ?? []) {
    if (error.__typename === 'UnknownProductError') return error.message;
  }
  return data?.me?.name;
}

/** What was paid of an order: null while it is under way, or where the payments can't be read. */
export async function paid(url: string, id: string): Promise<string[] | null> {
  const { order } = await new GraphQLClient(url).request(OrderOutcomeDocument, { id });
  // @ts-expect-error no order is ever in this status
  if (order?.status === 'PAYING') return null;
  if (order?.status !== 'PAID') return null;
  // @ts-expect-error null where the payments service can't be asked
  order.payments.length;
  return order.payments?.map((payment) => payment.amountCaptured.amountMinor) ?? null;
}
