// What a hostile client would send, one request at a time, each on its own connection. A request passes if the server
// answers in time and clearly: no 5xx, no internal error, GraphQL errors with a code, the status or code it should
// have, and the server lives on. Prints failures and a count as JSON; exit 1 if there are failures.
//
//   SUPERGRAPH_URL=… CUSTOMER_TOKEN=… ADMINISTRATOR_TOKEN=… node attack.mjs [--only text] [--list]
import { parseArgs } from 'node:util';
import { bodies } from './attacks/bodies.mjs';
import { cursors } from './attacks/cursors.mjs';
import { documents } from './attacks/documents.mjs';
import { domain } from './attacks/domain.mjs';
import { headers } from './attacks/headers.mjs';
import { services } from './attacks/services.mjs';
import { get, send } from './attacks/wire.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean', default: false } } });
const WITHIN_MS = 3_000;

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What is wrong with an answer, or nothing. */
function* faults(attack, answer) {
  const { status, text, tookMs } = answer;
  if (tookMs > (attack.withinMs ?? WITHIN_MS)) yield `took ${tookMs} ms`;
  if (status === null && attack.mayClose && answer.closed) return;
  if (status === null && !attack.status?.includes(null)) yield 'no answer';
  if (status >= 500 && !attack.status?.includes(status)) yield `status ${status}`;
  const statuses = attack.status ?? attack.refused ?? (attack.answered ? [200] : undefined);
  if (statuses && !statuses.includes(status)) yield `status ${status}, expected ${statuses.join(' or ')}`;
  const complaint = attack.check?.(answer);
  if (complaint) yield complaint;
  if (attack.anyBody || attack.withoutBody || (attack.status && status !== 200)) return;
  const body = parsed(text);
  if (!body || typeof body !== 'object') {
    yield `body is no JSON: ${text.slice(0, 100)}`;
    return;
  }
  const codes = (body.errors ?? []).map((error) => error.extensions?.code);
  if (codes.some((code) => typeof code !== 'string')) yield 'an error without a code';
  if (codes.includes('INTERNAL_SERVER_ERROR')) yield 'an internal error';
  if (attack.refused && ('data' in body || codes.length === 0)) yield 'refused without errors, or with data';
  if (attack.answered && codes.length > 0) yield `errors: ${codes.join(', ')}`;
  if (attack.code !== undefined && ![attack.code].flat().includes(codes[0] ?? null)) yield `code ${codes[0]}, expected ${[attack.code].flat().join(' or ')}`;
  if (attack.domainError && codes.length === 0 && !(body.data?.[attack.domainError]?.errors?.length > 0)) yield 'neither a typed error nor a coded one';
}

const attacks = [...bodies, ...documents, ...headers, ...cursors, ...domain, ...services].filter((attack) => attack.name.includes(options.only ?? ''));
const failures = [];
for (const attack of attacks) {
  const answer = await send(attack.bytes, { timeoutMs: 30_000, withoutBody: attack.withoutBody });
  const found = [...faults(attack, answer)];
  const alive = await send(get('/health/live'), { timeoutMs: 3_000 });
  if (alive.status !== 200) found.push('the server is gone');
  if (options.list) console.error(`${found.length ? 'FAIL' : 'ok  '} ${String(answer.status).padEnd(4)} ${String(answer.tookMs).padStart(6)} ms  ${attack.name}  ${answer.text.slice(0, 160).replaceAll(/\s+/g, ' ')}`);
  if (found.length > 0) failures.push({ attack: attack.name, faults: found, status: answer.status, answer: answer.text.slice(0, 300) });
  if (alive.status !== 200) break;
}
console.log(JSON.stringify({ attacks: attacks.length, failed: failures.length, failures }, null, 2));
process.exitCode = failures.length > 0 ? 1 : 0;
