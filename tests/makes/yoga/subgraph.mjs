// The stock on GraphQL Yoga: owns the weight, and needs a price that another subgraph has.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLError, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

const products = JSON.parse(readFileSync(new URL('../products.json', import.meta.url)));
const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])
  type Product @key(fields: "upc") {
    upc: ID!
    weight: Int
    count: Int!
    price: Int @external
    insurance: Int @requires(fields: "price")
    audit: String
  }
`);
const resolvers = {
  Product: {
    __resolveReference: ({ upc, price }) => {
      const found = products.find((product) => product.upc === upc);
      return found && { upc, weight: found.weight, price };
    },
    count: ({ upc }) => Number(upc) * 10,
    insurance: ({ price }) => Math.round(price / 10),
    audit: ({ upc }) => {
      if (upc === '2') throw new GraphQLError('the audit is not done', { extensions: { code: 'AUDIT_OPEN' } });
      return `fine for ${upc}`;
    },
  },
};
const yoga = createYoga({ schema: buildSubgraphSchema({ typeDefs, resolvers }), graphqlEndpoint: '/', logging: false });
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}/`));
