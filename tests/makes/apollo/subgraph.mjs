// The catalogue on npm's @apollo/subgraph: owns name and price, and needs a weight that another subgraph has.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';

const products = JSON.parse(readFileSync(new URL('../products.json', import.meta.url)));
const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires"])
  type Query { products: [Product!]! }
  type Product @key(fields: "upc") {
    upc: ID!
    name: String!
    price: Int
    weight: Int @external
    freight: Int @requires(fields: "weight")
    recall: String
  }
`);
const resolvers = {
  Query: { products: () => products.map(({ upc, name, price }) => ({ upc, name, price })) },
  Product: {
    __resolveReference: ({ upc, weight }) => {
      const found = products.find((product) => product.upc === upc);
      return found && { upc, name: found.name, price: found.price, weight };
    },
    freight: ({ weight }) => weight * 2,
    recall: ({ upc }) => {
      if (upc === '2') throw new Error('the recall list is closed');
      return `none for ${upc}`;
    },
  },
};
const schema = buildSubgraphSchema({ typeDefs, resolvers });

const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  const { query, variables, operationName } = JSON.parse(text);
  const result = await graphql({ schema, source: query, variableValues: variables, operationName });
  response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
});
server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}/`));
