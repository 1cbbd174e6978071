// Loads supergraph schemas in npm's @apollo/gateway, one after another in one process: it must accept what we compose.
//
//   node load-supergraphs.mjs                 the expected supergraph of every composition case
//   node load-supergraphs.mjs FILE…           these
//
// The peer loads no supergraph that restricts access or sets contexts (UNSUPPORTED_LINKED_FEATURE), whoever composed it:
// those are counted apart, and so are cases where its own composer differs (`peer.difference`). Exit 1 if any other is
// refused.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { buildSchema } from 'graphql';

process.env.APOLLO_TELEMETRY_DISABLED = 'true';

const cases = fileURLToPath(new URL('../../router/composition/tests/cases', import.meta.url));
const given = process.argv.slice(2);
const files = given.length > 0 ? given
  : readdirSync(cases).sort().map((name) => join(cases, name, 'expected.graphql')).filter((file) => existsSync(file));
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const nobody = buildSchema('type Query { nothing: Int }');

const UNSUPPORTED = /feature https:\/\/specs\.apollo\.dev\/(authenticated|requiresScopes|policy|context|cacheTag)\/v0\.1 .*is for: \w+ but is unsupported/;

let [loaded, unsupported, different, refused] = [0, 0, 0, 0];
for (const file of files) {
  const gateway = new ApolloGateway({
    supergraphSdl: readFileSync(file, 'utf8'),
    buildService: () => new LocalGraphQLDataSource(nobody),
    logger: quiet,
  });
  try {
    await gateway.load();
    loaded += 1;
  } catch (error) {
    const reason = error.message.replaceAll(/\s+/g, ' ');
    if (UNSUPPORTED.test(reason)) {
      unsupported += 1;
    } else if (existsSync(join(dirname(file), 'peer.difference'))) {
      different += 1;
      console.log(`known ${file}: ${reason}`);
    } else {
      refused += 1;
      console.log(`REFUSED ${file}: ${reason}`);
    }
  }
  await gateway.stop().catch(() => {});
}
console.log(`${files.length} supergraphs: ${loaded} loaded, ${unsupported} of features that the peer lacks, ${different} where its composer differs, ${refused} refused`);
process.exitCode = refused > 0 ? 1 : 0;
