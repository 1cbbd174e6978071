// Opens GraphiQL in headless Chromium, types an operation, presses its own run button, waits for text of the
// answer and writes a PNG. Fails if the page asks anything of another origin or the browser reports an error.
//
//   node screenshot.mjs --url http://127.0.0.1:4000/ --query operations/users-with-orders.graphql \
//     [--variables '{"users":3,"orders":2}'] [--headers '{"Authorization":"Bearer …"}'] \
//     --expect 'text of the result' --output graphiql.png [--allow-origin https://cdn.example]
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: process.env.SUPERGRAPH_URL },
    query: { type: 'string' },
    variables: { type: 'string' },
    headers: { type: 'string' },
    expect: { type: 'string' },
    output: { type: 'string', default: 'graphiql.png' },
    'allow-origin': { type: 'string', multiple: true, default: [] },
    'timeout-ms': { type: 'string', default: '20000' },
  },
});
for (const name of ['url', 'query', 'expect']) {
  if (!options[name]) {
    console.error(`screenshot: --${name} is missing`);
    process.exit(2);
  }
}
const timeout = Number(options['timeout-ms']);
const url = new URL(options.url);
const origins = new Set([url.origin, ...options['allow-origin']]);
const query = /\.graphql$/.test(options.query) ? await readFile(options.query, 'utf8') : options.query;
const complaints = [];

const profile = await mkdtemp(join(tmpdir(), 'screenshot-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1440, height: 960 },
  args: [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
});

/** Puts text into one of GraphiQL's editors the way a person would: click, select all, insert. */
async function fill(page, editor, text) {
  const area = page.locator(`${editor} .CodeMirror:visible, ${editor} .monaco-editor:visible`).first();
  await area.click({ timeout });
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

try {
  const page = browser.pages()[0] ?? await browser.newPage();
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(`console: ${message.text()}`); });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !origins.has(origin)) complaints.push(`asked another origin: ${request.url()}`);
  });
  await page.goto(url.href, { timeout, waitUntil: 'load' });
  await page.locator('.graphiql-execute-button').waitFor({ timeout });
  if (options.headers) {
    await page.getByRole('button', { name: 'Headers' }).first().click({ timeout });
    await fill(page, '.graphiql-editor-tool', options.headers);
  }
  // The variables' tab stays in front: a picture must not show a token.
  if (options.headers || options.variables) {
    await page.getByRole('button', { name: 'Variables' }).first().click({ timeout });
  }
  if (options.variables) await fill(page, '.graphiql-editor-tool', options.variables);
  await fill(page, '.graphiql-query-editor', query);
  await page.keyboard.press('Escape');
  await page.locator('.graphiql-execute-button').click({ timeout });
  await page.locator('.result-window', { hasText: options.expect }).waitFor({ timeout });
  await page.locator('.graphiql-query-editor .CodeMirror, .graphiql-query-editor .monaco-editor').first().click({ timeout });
  await page.keyboard.press('Control+Home');
  await page.screenshot({ path: options.output });
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  console.log(JSON.stringify({ screenshot: options.output, url: url.href, found: options.expect }));
} catch (error) {
  console.error(`screenshot: ${error.message}`);
  for (const complaint of complaints) console.error(`  ${complaint}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  await rm(profile, { recursive: true, force: true });
}
