// npm's @apollo/gateway in Apollo Server as its users run it, over HTTP: what `tests/bench/run` measures beside us.
//
//   node serve-gateway.mjs --supergraph FILE --port PORT
//
// One process, nothing in its log for a request, no cache of answers; documents and plans are cached as by default.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

// Its telemetry would report to its makers and ask cloud hosts where it runs; nothing here leaves the machine.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

const { values: options } = parseArgs({ options: { supergraph: { type: 'string' }, port: { type: 'string' } } });
const quiet = { debug() {}, info() {}, warn: console.error, error: console.error };
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(options.supergraph, 'utf8'), logger: quiet });
const server = new ApolloServer({ gateway, logger: quiet });
await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: Number(options.port) } });
