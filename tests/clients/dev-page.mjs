// What a person sees who works on subgraphs: `supergraph dev --config` in headless Chromium, while schema files change.
// No supergraph yet → the page tells why → the file is mended → GraphiQL comes by itself → a plan is shown → the file is
// broken again → a banner tells, the last good schema goes on → mended again → no banner, and the new field is known.
//
//   node dev-page.mjs --binary …/supergraph --output FOLDER
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: options } = parseArgs({ options: { binary: { type: 'string' }, output: { type: 'string' } } });
if (!options.binary || !options.output) {
  console.error('dev-page: --binary and --output are needed');
  process.exit(2);
}
const timeout = 20000;
const fixtures = new URL('../fixtures/bench/subgraphs/', import.meta.url);
const names = ['accounts', 'inventory', 'products', 'reviews'];
const folder = await mkdtemp(join(tmpdir(), 'dev-page-'));
const reviews = join(folder, 'reviews.graphql');
for (const name of names) await copyFile(new URL(`${name}.graphql`, fixtures), join(folder, `${name}.graphql`));
const good = await readFile(reviews, 'utf8');
const bad = good.replace('@key(fields: "id")', '@key(fields: "nope")');
const grown = good.replace('type Review', 'type Novelty { added: Int }\nextend type Query { novelty: Novelty }\ntype Review');
await writeFile(reviews, bad);
await writeFile(join(folder, 'supergraph.yaml'), 'subgraphs:\n' + names.map((name) =>
  `  ${name}: { routing_url: "http://127.0.0.1:1/${name}", schema: { file: ${name}.graphql } }\n`).join(''));

const assets = new URL('node_modules', import.meta.url).pathname;
const dev = spawn(options.binary, ['dev', '--config', join(folder, 'supergraph.yaml'), '--listen', '127.0.0.1:0',
  '--graphiql-assets', assets], { stdio: ['ignore', 'pipe', 'ignore'] });
const url = await new Promise((resolve, reject) => {
  let text = '';
  dev.stdout.on('data', (data) => {
    text += data;
    const found = /listening on (http:[^ \n]+)/.exec(text);
    if (found) resolve(found[1]);
  });
  dev.on('exit', () => reject(new Error('ended before it listened')));
});
const profile = await mkdtemp(join(tmpdir(), 'dev-page-profile-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1440, height: 960 },
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const complaints = [];
try {
  const page = browser.pages()[0] ?? await browser.newPage();
  page.on('pageerror', (error) => complaints.push(`page error: ${error.message}`));
  const picture = (name) => page.screenshot({ path: join(options.output, `${name}.png`) });

  await page.goto(url);
  await page.locator('#findings', { hasText: 'KEY_INVALID_FIELDS' }).waitFor({ timeout });
  await picture('waiting');

  await writeFile(reviews, good);
  await page.locator('.graphiql-execute-button').waitFor({ timeout });
  await page.getByRole('button', { name: 'Query plan' }).first().click({ timeout });
  await page.locator('.graphiql-query-editor .CodeMirror').first().click({ timeout });
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('{ topProducts { name inStock } }');
  await page.keyboard.press('Escape');
  await page.locator('.graphiql-execute-button').click({ timeout });
  await page.locator('.plan', { hasText: 'Step 1' }).waitFor({ timeout });
  await picture('plan');

  await writeFile(reviews, bad);
  await page.locator('#findings:visible', { hasText: 'KEY_INVALID_FIELDS' }).waitFor({ timeout });
  await picture('banner');
  const answer = await fetch(`${url}/graphql?query={__typename}`);
  if (answer.status !== 200) throw new Error(`the last good schema isn't served: ${answer.status}`);

  await writeFile(reviews, grown);
  await page.locator('#findings').waitFor({ state: 'hidden', timeout });
  const known = await (await fetch(`${url}/graphql?query={__type(name:"Novelty"){name}}`)).json();
  if (known.data?.__type?.name !== 'Novelty') throw new Error(`the new field isn't known: ${JSON.stringify(known)}`);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  console.log('dev-page: waiting, plan, banner and recovery were seen');
} catch (error) {
  console.error(`dev-page: ${error.message}`);
  for (const complaint of complaints) console.error(`  ${complaint}`);
  process.exitCode = 1;
} finally {
  await browser.close();
  dev.kill();
  await rm(profile, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}
