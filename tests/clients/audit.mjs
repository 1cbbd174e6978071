// The GraphQL over HTTP audits of npm's graphql-http against a running server. Prints counts a level and the
// failures as JSON; exits 1 if a MUST fails.
//
//   SUPERGRAPH_URL=http://127.0.0.1:4000 node audit.mjs
import { serverAudits } from 'graphql-http';

const origin = process.env.SUPERGRAPH_URL?.replace(/\/(graphql\/?)?$/, '');
if (!origin) {
  console.error('audit: set SUPERGRAPH_URL');
  process.exit(2);
}
const levels = Object.fromEntries(['MUST', 'SHOULD', 'MAY'].map((level) => [level, { passed: 0, failed: 0 }]));
const failures = [];
for (const audit of serverAudits({ url: `${origin}/graphql`, fetchFn: fetch })) {
  const level = audit.name.split(' ')[0];
  const result = await audit.fn();
  if (result.status === 'ok') {
    levels[level].passed += 1;
  } else {
    levels[level].failed += 1;
    const { status, headers } = result.response;
    failures.push({ id: audit.id, name: audit.name, reason: result.reason, status, contentType: headers.get('content-type') });
  }
}
console.log(JSON.stringify({ levels, failures }, null, 2));
process.exitCode = levels.MUST.failed > 0 ? 1 : 0;
