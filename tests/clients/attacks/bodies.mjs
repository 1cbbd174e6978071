// Bodies that are no GraphQL request, or barely one.
import { JSON_TYPES, post, request } from './wire.mjs';

const deep = (open, close, times) => open.repeat(times) + close.repeat(times);
const typed = (type, body = '{"query":"{__typename}"}') => request('POST', '/graphql', type === null ? [] : [['content-type', type]], body);
const bytes = (...parts) => Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

export const bodies = [
  ...[
    ['empty', ''], ['open brace', '{'], ['text', 'hello'], ['number', '1'], ['string', '"{__typename}"'], ['null', 'null'],
    ['list', '[]'], ['no query', '{}'], ['query null', '{"query":null}'], ['query number', '{"query":7}'],
    ['query object', '{"query":{}}'], ['query empty', '{"query":""}'], ['query blank', '{"query":"  \\n"}'],
    ['variables list', '{"query":"{__typename}","variables":[1]}'], ['variables text', '{"query":"{__typename}","variables":"{}"}'],
    ['operationName number', '{"query":"{__typename}","operationName":1}'], ['extensions list', '{"query":"{__typename}","extensions":[]}'],
    ['trailing text', '{"query":"{__typename}"} x'], ['two objects', '{"query":"{__typename}"}{"query":"{__typename}"}'],
    ['single quotes', "{'query':'{__typename}'}"], ['NaN', '{"query":"{__typename}","variables":{"a":NaN}}'],
    ['batch', '[{"query":"{__typename}"},{"query":"{__typename}"}]'],
    ['10,000 lists deep', deep('[', ']', 10_000)], ['500,000 lists deep', deep('[', ']', 500_000)], ['500,000 lists open', '['.repeat(500_000)],
    ['NUL byte', '{"query":"{__typename}\0"}'],
  ].map(([name, body]) => ({ name: `body: ${name}`, bytes: post(body), refused: [400, 413, 422] })),
  ...['variables', 'extensions', 'unknown'].map((key) => ({
    name: `body: ${key} 100,000 objects deep`,
    bytes: post(`{"query":"{__typename}","${key}":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`),
  })),
  { name: 'body: lone surrogate in the query', bytes: post('{"query":"{__typename \\ud800}"}'), refused: [400] },
  { name: 'body: lone surrogate in a variable', bytes: post('{"query":"query($a:String){__typename}","variables":{"a":"\\ud800"}}') },
  { name: 'body: invalid UTF-8', bytes: post(bytes('{"query":"{__typename #', [0xff, 0xc0, 0x80], '}"}')), refused: [400] },
  { name: 'body: byte order mark', bytes: post(bytes([0xef, 0xbb, 0xbf], '{"query":"{__typename}"}')) },
  { name: 'body: UTF-16', bytes: post(Buffer.from('{"query":"{__typename}"}', 'utf16le')), refused: [400] },
  { name: 'body: unknown properties are let be', bytes: post('{"query":"{__typename}","q":1,"constructor":{},"__proto__":null}'), answered: true },
  { name: 'body: duplicate query, the last counts or it is refused', bytes: post('{"query":"{nope}","query":"{__typename}"}') },
  { name: 'body: number of 100,000 digits', bytes: post(`{"query":"{__typename}","variables":{"a":${'9'.repeat(100_000)}}}`) },
  { name: 'body: 1e999999', bytes: post('{"query":"query($a:Float){__typename}","variables":{"a":1e999999}}'), refused: [400] },
  { name: 'body: 150,000 keys', bytes: post(`{"query":"{__typename}","variables":{${Array.from({ length: 150_000 }, (_, i) => `"k${i}":1`).join(',')}}}`) },
  { name: 'body: 10 MB', bytes: post(`{"query":"{__typename} #${'x'.repeat(10_000_000)}"}`), refused: [413], mayClose: true },
  { name: 'body: announces 10 GB', bytes: request('POST', '/graphql', [...JSON_TYPES, ['content-length', '10000000000']], '{'), refused: [413], mayClose: true },
  { name: 'body: 10 MB in chunks', bytes: chunked('x'.repeat(64_000), 160), refused: [413], mayClose: true },
  { name: 'body: one byte a chunk', bytes: chunkedText('{"query":"{__typename}"}'), answered: true },
  { name: 'body: gzip that is none', bytes: post('{"query":"{__typename}"}', [['content-encoding', 'gzip']]), refused: [400, 415] },
  { name: 'body: unknown encoding', bytes: post('{"query":"{__typename}"}', [['content-encoding', 'rot13']]), refused: [400, 415] },
  { name: 'type: none', bytes: typed(null), refused: [415] },
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/graphql', 'application/jsonx', 'application', '', 'application/json; charset=utf-16', '\u00ff']
    .map((type) => ({ name: `type: ${JSON.stringify(type)}`, bytes: typed(type), refused: [400, 415] })),
  ...['application/json;charset=UTF-8', 'Application/JSON', 'application/json ; charset="utf-8"']
    .map((type) => ({ name: `type: ${type}`, bytes: typed(type), answered: true })),
];

function chunked(chunk, times) {
  const one = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
  return request('POST', '/graphql', [...JSON_TYPES, ['transfer-encoding', 'chunked']], `${one.repeat(times)}0\r\n\r\n`);
}

function chunkedText(text) {
  return request('POST', '/graphql', [...JSON_TYPES, ['transfer-encoding', 'chunked']], `${[...text].map((byte) => `1\r\n${byte}\r\n`).join('')}0\r\n\r\n`);
}
