// Whether a finding that one composer makes and another doesn't is only masked: with something else in the subgraphs mended,
// one thing after the other, the first makes it still, and in the end both say the same.
import { Kind, parse, print, visit } from 'graphql';

/** A finding, whatever the field set says that it is about: mending may change another part of that. */
const key = ({ code, message }) => `${code} ${message.replace(/\(fields: "[^"]*"\)/, '(fields)')}`;

/** How many changes are tried for one finding. */
const TRIES = 400;

/**
 * Mends whatever leaves a finding in place and brings no other, until the verdicts are equal and have its code. `teller`
 * and `other` give the verdicts of the composer that makes the finding and of the one that doesn't.
 */
export async function masked(finding, subgraphs, teller, other) {
  let documents = subgraphs.map(({ name, sdl }) => ({ name, document: parse(sdl, { noLocation: true }) }));
  let known = (await teller(subgraphs)).findings.map(key);
  let [smallest, left] = [subgraphs.reduce((sum, { sdl }) => sum + sdl.length, 0), TRIES];
  while (documents) {
    let next = null;
    for (const mended of mends(documents)) {
      if (left-- === 0) return false;
      const whole = mended.filter(({ document }) => document.definitions.length > 0);
      const texts = whole.map(({ name, document }) => ({ name, sdl: print(document) }));
      const verdict = await teller(texts);
      const found = verdict.findings.map(key);
      if (!found.includes(key(finding)) || !found.every((one) => known.includes(one))) continue;
      // A teller that stops at the first kind of findings may not say that another is gone: what is less is tried then.
      const size = texts.reduce((sum, { sdl }) => sum + sdl.length, 0);
      if (found.length === known.length && (known.length > 1 || size >= smallest)) continue;
      smallest = size;
      const theirs = await other(texts);
      // An error without a code is no verdict: there is nothing to compare any more.
      if (theirs.codes.includes('UNCODED') || !theirs.accepts && verdict.codes.join() === theirs.codes.join()) return true;
      [next, known] = [whole, found];
      break;
    }
    documents = next;
  }
  return false;
}

/** The documents with one thing mended, the smallest changes first. */
function* mends(documents) {
  for (const list of ['directives', 'interfaces', 'values', 'types', 'arguments']) yield* without(documents, list);
  yield* withSmallerSets(documents);
  for (const list of ['fields', 'definitions']) yield* without(documents, list);
  yield* withMoreFields(documents);
  yield* withOtherTypes(documents);
}

const replaced = (documents, old, node) => documents.map(({ name, document }) => ({
  name,
  document: visit(document, { enter: (candidate) => (candidate === old ? node : undefined) }),
}));

/** All nodes of the documents. */
function nodes(documents) {
  const found = [];
  for (const { document } of documents) visit(document, { enter: (node) => void found.push(node) });
  return found;
}

function* without(documents, list) {
  for (const node of nodes(documents)) {
    for (const item of node[list] ?? []) yield replaced(documents, node, { ...node, [list]: node[list].filter((other) => other !== item) });
  }
}

/** With one thing less in a field set. */
function* withSmallerSets(documents) {
  for (const node of nodes(documents)) {
    if (node.kind !== Kind.ARGUMENT || node.name.value !== 'fields' || node.value.kind !== Kind.STRING) continue;
    let set;
    try {
      set = parse(`{ ${node.value.value} }`, { noLocation: true });
    } catch {
      continue;
    }
    const document = [{ name: '', document: set }];
    for (const list of ['directives', 'arguments', 'selections']) {
      for (const [{ document: smaller }] of without(document, list)) {
        const value = print(smaller).replace(/^{|}$/g, '').replace(/\s+/g, ' ').trim();
        yield replaced(documents, node.value, { kind: Kind.STRING, value });
      }
    }
  }
}

const PLACEHOLDER = parse('type T { placeholder: Int }', { noLocation: true }).definitions[0].fields[0];

/** With a field of some type in another one, too. */
function* withMoreFields(documents) {
  const all = nodes(documents);
  const fields = new Map(all.filter(({ kind }) => kind === Kind.FIELD_DEFINITION).map((field) => [field.name.value, field]));
  for (const type of all.filter(({ kind }) => /^(Object|Interface)Type(Definition|Extension)$/.test(kind))) {
    for (const field of [PLACEHOLDER, ...fields.values()]) {
      if (type.fields.every(({ name }) => name.value !== field.name.value)) yield replaced(documents, type, { ...type, fields: [...type.fields, field] });
    }
  }
}

/** With one type in the place of another. */
function* withOtherTypes(documents) {
  const all = nodes(documents);
  const names = new Set(['Int', ...all.filter(({ kind }) => /TypeDefinition$/.test(kind) && kind !== Kind.OPERATION_TYPE_DEFINITION).map(({ name }) => name.value)]);
  for (const reference of all.filter(({ kind }) => kind === Kind.NAMED_TYPE)) {
    for (const value of names) yield replaced(documents, reference, { ...reference, name: { kind: Kind.NAME, value } });
  }
}
