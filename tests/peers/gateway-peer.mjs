// Answers one operation with npm's @apollo/gateway over a given supergraph, for comparison in tests only:
// it proves that another implementation accepts our composed supergraph and reads the same answer from it.
//
//   node gateway-peer.mjs --supergraph FILE --body query.json \
//     [--subgraph-url NAME=URL]… [--header 'name: value']… [--only-load]
//
// The subgraphs are the HTTP servers that the supergraph names, or those given. `--header` goes to every subgraph.
// Prints the response as JSON, compact, in the order of the answer. Exit 0 answered, 1 the supergraph was refused,
// 2 used wrongly.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';

// Its telemetry would report to its makers and ask cloud hosts where it runs; nothing here leaves the machine.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

const { values: options } = parseArgs({
  options: {
    supergraph: { type: 'string' },
    body: { type: 'string' },
    'subgraph-url': { type: 'string', multiple: true, default: [] },
    header: { type: 'string', multiple: true, default: [] },
    'only-load': { type: 'boolean', default: false },
  },
});
if (!options.supergraph || (!options.body && !options['only-load'])) {
  console.error('gateway-peer: --supergraph FILE and --body FILE (or --only-load) are needed');
  process.exit(2);
}

const split = (text, mark) => [text.slice(0, text.indexOf(mark)), text.slice(text.indexOf(mark) + mark.length).trim()];
const urls = new Map(options['subgraph-url'].map((pair) => split(pair, '=')));
const headers = options.header.map((pair) => split(pair, ':'));
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error };

class Loopback extends RemoteGraphQLDataSource {
  willSendRequest({ request }) {
    for (const [name, value] of headers) request.http.headers.set(name, value);
  }
}

try {
  const gateway = new ApolloGateway({
    supergraphSdl: readFileSync(options.supergraph, 'utf8'),
    buildService: ({ name, url }) => new Loopback({ url: urls.get(name) ?? url }),
    logger: quiet,
  });
  const server = new ApolloServer({ gateway, introspection: true, includeStacktraceInErrorResponses: false, logger: quiet });
  await server.start();
  if (options['only-load']) {
    console.log(JSON.stringify({ accepted: true }));
  } else {
    const { query, operationName, variables } = JSON.parse(readFileSync(options.body, 'utf8'));
    const { body } = await server.executeOperation({ query, operationName, variables });
    const { data, errors } = body.singleResult;
    console.log(JSON.stringify({ ...(errors && { errors }), ...(data !== undefined && { data }) }));
  }
  await server.stop();
} catch (error) {
  console.error(`gateway-peer: ${error.message}`);
  process.exitCode = 1;
}
