// Several subgraphs behind one address, `/<name>` each, for servers made of data. Prints one line of JSON when ready: each
// subgraph's URL by its name.
import { createServer } from 'node:http';

const BODY_BYTES_MAX = 10_000_000;

/** Serves `names`; `answer(name, body)` makes a result of a request's body. */
export function serveSubgraphs(listen, names, answer) {
  const server = createServer(async (request, response) => {
    const name = request.url.slice(1);
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
      size += chunk.length;
      if (size > BODY_BYTES_MAX) return response.writeHead(413).end();
      chunks.push(chunk);
    }
    if (request.method !== 'POST' || !names.includes(name)) return response.writeHead(404).end();
    const result = await answer(name, Buffer.concat(chunks).toString('utf8')).catch((error) => ({ errors: [{ message: error.message }] }));
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  const [host, port] = listen.split(':');
  server.listen(Number(port), host, () => {
    const base = `http://${host}:${server.address().port}`;
    console.log(JSON.stringify(Object.fromEntries(names.map((name) => [name, `${base}/${name}`]))));
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}
