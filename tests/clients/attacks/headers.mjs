// Requests whose head is odd: methods, targets, headers, credentials.
import { ask, get, post, request } from './wire.mjs';

const users = '{ users(first: 1) { edges { node { id } } } }';
const plain = '{"query":"{__typename}"}';
const claims = Buffer.from(JSON.stringify({ sub: 'x', roles: ['administrator'], exp: 4102444800 })).toString('base64url');
const token = (header) => `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${claims}.${'A'.repeat(86)}`;

export const headers = [
  ...['PUT', 'DELETE', 'PATCH', 'TRACE', 'BREW'].map((method) => ({ name: `method: ${method}`, bytes: request(method, '/graphql', [['content-type', 'application/json']], plain), status: [405, 400, 501] })),
  { name: 'method: HEAD', bytes: request('HEAD', '/graphql', [['content-length', null]]), status: [200, 400, 405], withoutBody: true },
  { name: 'method: OPTIONS', bytes: request('OPTIONS', '/graphql', [['origin', 'http://evil.example'], ['access-control-request-method', 'POST']]), status: [200, 204, 403, 405], check: ({ headers }) => headers['access-control-allow-credentials'] === 'true' && 'credentials allowed to any origin' },
  ...['/../../../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc%2fpasswd', '//etc/passwd', '/graphiql/../../etc/passwd', '/node_modules/../package.json', '/\\..\\..\\x', '/%00', `/${'a'.repeat(20_000)}`]
    .map((target) => ({ name: `target: ${target.slice(0, 40)}`, bytes: get(target), status: [400, 403, 404, 414, 431], check: ({ text }) => /root:x:0/.test(text) && 'a file of the machine' })),
  { name: 'target: absolute', bytes: request('POST', 'http://localhost/graphql', [['content-type', 'application/json']], plain), answered: true },
  { name: 'target: absolute, of another host', bytes: request('POST', 'http://evil.example/graphql', [['content-type', 'application/json']], plain), status: [421] },
  { name: 'headers: 300 of them', bytes: post(plain, Array.from({ length: 300 }, (_, i) => [`x-${i}`, 'v'])), status: [400, 431, 200], anyBody: true },
  { name: 'headers: one of 1 MB', bytes: post(plain, [['x-big', 'v'.repeat(1_000_000)]]), status: [400, 431], anyBody: true, mayClose: true },
  { name: 'headers: no host', bytes: Buffer.from('GET /health/live HTTP/1.1\r\n\r\n'), status: [200, 400], anyBody: true },
  { name: 'headers: not HTTP', bytes: Buffer.from('\x16\x03\x01\x02\x00\x01\x00'), status: [400, null], anyBody: true, mayClose: true },
  { name: 'headers: HTTP/9.9', bytes: Buffer.from('GET / HTTP/9.9\r\nhost: x\r\n\r\n'), status: [400, 505, null], anyBody: true, mayClose: true },
  { name: 'headers: length and chunks both', bytes: post('0\r\n\r\n', [['content-length', '5'], ['transfer-encoding', 'chunked']]), status: [400], anyBody: true, mayClose: true },
  { name: 'headers: two lengths', bytes: post(plain, [['content-length', '23'], ['content-length', '5']]), status: [400], anyBody: true, mayClose: true },
  { name: 'headers: length is no number', bytes: post(plain, [['content-length', '0x17']]), status: [400], anyBody: true, mayClose: true },
  { name: 'headers: bytes beyond ASCII', bytes: post(plain, [['graphql-client-name', '\u00ff\u00fe'], ['traceparent', '\u00ff']]), answered: true },
  { name: 'headers: trace parent of nonsense', bytes: post(plain, [['traceparent', '00-zz-zz-zz']]), answered: true },
  { name: 'headers: client name with a quote and a newline escape', bytes: post(plain, [['graphql-client-name', 'a"b\\n{c="d"}']]), answered: true },
  { name: 'accept: only unknown', bytes: request('POST', '/graphql', [['content-type', 'application/json'], ['accept', 'image/png']], plain), status: [406] },
  { name: 'accept: nonsense', bytes: request('POST', '/graphql', [['content-type', 'application/json'], ['accept', ';;;,,,q=']], plain), status: [200, 400, 406] },
  { name: 'accept: 20,000 ranges', bytes: request('POST', '/graphql', [['content-type', 'application/json'], ['accept', 'a/b,'.repeat(5_000) + '*/*']], plain), status: [200, 406, 431], anyBody: true },
  { name: 'csrf: form from another site', bytes: request('POST', '/graphql', [['content-type', 'application/x-www-form-urlencoded'], ['origin', 'http://evil.example'], ['sec-fetch-site', 'cross-site']], 'query=%7B__typename%7D'), status: [400, 403, 415] },
  ...['', 'Bearer', 'Bearer ', 'Bearer x', 'Bearer a.b.c', 'Bearer ..', 'Basic YTpi', `Bearer ${'a'.repeat(4_000)}`, `Bearer ${token({ alg: 'none' })}`, `Bearer ${token({ alg: 'HS256', kid: '1' })}`, `Bearer ${token({ alg: 'EdDSA' })}`, `Bearer ${token({ alg: 'EdDSA', jwk: { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) } })}`]
    .map((value) => ({ name: `token: ${value.slice(0, 60)}`, bytes: ask(users, undefined, [['authorization', value]]), code: 'UNAUTHENTICATED' })),
  { name: 'token: two of them', bytes: ask(users, undefined, [['authorization', 'Bearer a.b.c'], ['authorization', 'Bearer d.e.f']]), code: 'UNAUTHENTICATED' },
  ...[`${token({ alg: 'EdDSA', typ: 'supergraph-identity+jwt' })}`, 'x', '{"roles":["administrator"]}']
    .map((value) => ({ name: `identity header forged: ${value.slice(0, 30)}`, bytes: ask(users, undefined, [['supergraph-identity', value]]), code: 'UNAUTHENTICATED' })),
];
