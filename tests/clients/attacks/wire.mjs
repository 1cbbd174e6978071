// Sending what no client library would: whole requests as bytes over a socket, with a bound on time and size.
import { connect } from 'node:net';
import { endpoint } from '../harness.mjs';

const url = new URL(endpoint);
const ANSWER_BYTES_MAX = 50_000_000;

/**
 * Sends bytes on a fresh connection and reads until the first response is complete, the server closes, or time is up.
 * @returns {Promise<{status: number|null, headers: Record<string,string>, text: string, closed: boolean, tookMs: number}>}
 */
export function send(bytes, { timeoutMs = 15_000, halfClose = false, withoutBody = false } = {}) {
  return new Promise((resolve) => {
    const started = performance.now();
    const chunks = [];
    let size = 0;
    let isComplete;
    const socket = connect(Number(url.port || 80), url.hostname);
    const finish = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ...parseResponse(Buffer.concat(chunks)), closed, tookMs: Math.round(performance.now() - started) });
    };
    const timer = setTimeout(() => finish(false), timeoutMs);
    socket.on('connect', () => {
      socket.write(bytes);
      if (halfClose) socket.end();
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      isComplete ??= completeness(Buffer.concat(chunks), withoutBody);
      if (size > ANSWER_BYTES_MAX || isComplete?.(size, chunk)) finish(false);
    });
    socket.on('error', () => finish(true));
    socket.on('close', () => finish(true));
  });
}

/** How to tell that the response is whole, once its head is there. */
function completeness(bytes, withoutBody) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const { status, headers } = parseResponse(bytes.subarray(0, end + 4));
  if (status === 100) return undefined;
  if (withoutBody) return () => true;
  const length = headers['content-length'];
  if (length !== undefined) return (size) => size >= end + 4 + Number(length);
  if (headers['transfer-encoding'] === 'chunked') return (size, last) => last.toString('latin1').endsWith('0\r\n\r\n');
  return status === 204 || status === 304 ? () => true : () => false;
}

function parseResponse(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  const [line, ...lines] = bytes.toString('latin1', 0, end < 0 ? bytes.length : end).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1]) || null;
  const headers = Object.fromEntries(lines.map((each) => [each.slice(0, each.indexOf(':')).toLowerCase(), each.slice(each.indexOf(':') + 1).trim()]));
  const body = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 4);
  return { status, headers, text: (headers['transfer-encoding'] === 'chunked' ? unchunked(body) : body).toString('utf8') };
}

function unchunked(bytes) {
  const parts = [];
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (lineEnd < 0 || !(length > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 4 + length;
  }
  return Buffer.concat(parts);
}

/** One HTTP/1.1 request as bytes. `headers` as pairs, so that names may repeat and be wrong. */
export function request(method, target, headers, body = '') {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const all = [
    ...(given.has('host') ? [] : [['host', url.host]]),
    ...headers,
    ...(given.has('content-length') || given.has('transfer-encoding') || method === 'GET' ? [] : [['content-length', bytes.length]]),
  ].filter(([, value]) => value !== null);
  const head = `${method} ${target} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

export const JSON_TYPES = [['content-type', 'application/json'], ['accept', 'application/graphql-response+json']];
export const post = (body, headers = []) => request('POST', '/graphql', [...JSON_TYPES, ...headers], body);
export const ask = (query, variables, headers = []) => post(JSON.stringify({ query, variables }), headers);
export const get = (target, headers = []) => request('GET', target, headers);
