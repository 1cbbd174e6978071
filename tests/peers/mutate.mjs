// Changes subgraphs at random, a little at a time: directives, types of fields, nullability, names, whole fields and types are
// taken out, copied to another subgraph, or exchanged. What comes out is GraphQL by its syntax and little more.
import { Kind, parse, print, visit } from 'graphql';

/** A small generator of random numbers, so that a seed says everything (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { below: (count) => Math.floor(next() * count), pick: (list) => list[Math.floor(next() * list.length)] };
}

/** Subgraphs after one to three changes; null if nothing came of it. */
export function mutate(subgraphs, rng) {
  const documents = subgraphs.map(({ name, sdl }) => ({ name, document: parse(sdl, { noLocation: true }) }));
  const before = documents.map(({ document }) => print(document)).join('\n');
  const applied = [];
  for (let changes = 1 + rng.below(3); changes > 0; changes--) {
    const change = rng.pick(CHANGES);
    if (change(documents, rng)) applied.push(change.name);
  }
  const after = documents.map(({ name, document }) => ({ name, sdl: print(document) }));
  return after.map(({ sdl }) => sdl).join('\n') === before ? null : { subgraphs: after, applied };
}

const CHANGES = [
  dropDirective, dropDirective, moveDirective, copyDirective, dropField, copyField, copyField, changeType, changeType,
  changeNullability, renameReference, dropDefinition, copyDefinition, toggleExtension, changeFieldSet, dropImplements,
  addImplements, dropArgument, changeArgument, dropMember, addDirective, addDirective,
];

const DIRECTIVES = [
  '@shareable', '@external', '@inaccessible', '@key(fields: "id")', '@key(fields: "id", resolvable: false)', '@tag(name: "t")',
  '@override(from: "a")', '@override(from: "b")', '@requires(fields: "id")', '@provides(fields: "id")', '@interfaceObject', '@extends',
  '@deprecated(reason: "r")', '@authenticated', '@requiresScopes(scopes: [["s"]])', '@cost(weight: 3)', '@listSize(assumedSize: 4)',
];

const directive = (text) => parse(`type T ${text} { a: Int }`, { noLocation: true }).definitions[0].directives[0];

/** Every node of the documents that a test accepts, each with its parent's list or object and its place there. */
function nodes(documents, accepts) {
  const found = [];
  for (const { document } of documents) {
    visit(document, {
      enter(node, key, parent) {
        if (parent && accepts(node)) found.push({ node, key, parent, document });
      },
    });
  }
  return found;
}

function replace(place, node) {
  if (node === null) place.parent.splice(place.key, 1);
  else place.parent[place.key] = node;
  return true;
}

const ofKind = (...kinds) => (node) => kinds.includes(node.kind);
const typeKinds = [Kind.OBJECT_TYPE_DEFINITION, Kind.OBJECT_TYPE_EXTENSION, Kind.INTERFACE_TYPE_DEFINITION, Kind.INTERFACE_TYPE_EXTENSION];
const isType = ofKind(...typeKinds);
const isDefinition = (node) => /TypeDefinition$|TypeExtension$/.test(node.kind);
const isApplied = (node) => node.kind === Kind.DIRECTIVE && !['link', 'core', 'composeDirective'].includes(node.name.value);
const copy = (node) => structuredClone(node);

function dropDirective(documents, rng) {
  const place = rng.pick(nodes(documents, isApplied));
  return place && replace(place, null);
}

function moveDirective(documents, rng) {
  return copyDirective(documents, rng) && dropDirective(documents, rng);
}

function copyDirective(documents, rng) {
  const from = rng.pick(nodes(documents, isApplied));
  const to = rng.pick(nodes(documents, (node) => Array.isArray(node.directives) && node.kind !== Kind.SCHEMA_EXTENSION && node.kind !== Kind.SCHEMA_DEFINITION));
  if (!from || !to) return false;
  to.node.directives.push(copy(from.node));
  return true;
}

function addDirective(documents, rng) {
  const to = rng.pick(nodes(documents, ofKind(Kind.FIELD_DEFINITION, Kind.INPUT_VALUE_DEFINITION, ...typeKinds)));
  if (!to) return false;
  to.node.directives.push(directive(rng.pick(DIRECTIVES)));
  return true;
}

function dropField(documents, rng) {
  const place = rng.pick(nodes(documents, (node) => node.kind === Kind.FIELD_DEFINITION || node.kind === Kind.ENUM_VALUE_DEFINITION));
  return place && replace(place, null);
}

/** A field goes to another type: most often to the same type in another subgraph. */
function copyField(documents, rng) {
  const types = nodes(documents, isType);
  const from = rng.pick(types.filter(({ node }) => node.fields.length > 0));
  if (!from) return false;
  const same = types.filter(({ node }) => node !== from.node && node.name.value === from.node.name.value);
  const to = rng.pick(same.length > 0 && rng.below(3) > 0 ? same : types);
  const field = copy(rng.pick(from.node.fields));
  if (to.node.fields.some(({ name }) => name.value === field.name.value)) return false;
  to.node.fields.push(field);
  return true;
}

const isTyped = ofKind(Kind.FIELD_DEFINITION, Kind.INPUT_VALUE_DEFINITION);

function changeType(documents, rng) {
  const typed = nodes(documents, isTyped);
  const [one, other] = [rng.pick(typed), rng.pick(typed)];
  if (!one) return false;
  one.node.type = copy(other.node.type);
  return true;
}

function changeNullability(documents, rng) {
  const place = rng.pick(nodes(documents, isTyped));
  if (!place) return false;
  const { type } = place.node;
  const wrapped = [
    type.kind === Kind.NON_NULL_TYPE ? type.type : { kind: Kind.NON_NULL_TYPE, type },
    type.kind === Kind.LIST_TYPE ? type.type : { kind: Kind.LIST_TYPE, type },
  ];
  place.node.type = rng.pick(wrapped);
  return true;
}

function renameReference(documents, rng) {
  const references = nodes(documents, ofKind(Kind.NAMED_TYPE));
  const [one, other] = [rng.pick(references), rng.pick(references)];
  return one && replaceName(one.node, other.node.name.value);
}

function replaceName(node, name) {
  node.name = { kind: Kind.NAME, value: name };
  return true;
}

function dropDefinition(documents, rng) {
  const { document } = rng.pick(documents);
  const places = document.definitions.flatMap((node, index) => (isDefinition(node) ? [index] : []));
  if (places.length === 0) return false;
  document.definitions.splice(rng.pick(places), 1);
  return true;
}

function copyDefinition(documents, rng) {
  const [from, to] = [rng.pick(documents), rng.pick(documents)];
  const definition = rng.pick(from.document.definitions.filter(isDefinition));
  if (!definition || to.document.definitions.some((known) => known.kind === definition.kind && known.name.value === definition.name.value)) return false;
  to.document.definitions.push(copy(definition));
  return true;
}

function toggleExtension(documents, rng) {
  const place = rng.pick(nodes(documents, isDefinition));
  if (!place) return false;
  const { node } = place;
  node.kind = node.kind.endsWith('Extension') ? node.kind.replace('Extension', 'Definition') : node.kind.replace('Definition', 'Extension');
  delete node.description;
  return true;
}

function changeFieldSet(documents, rng) {
  const sets = nodes(documents, (node) => node.kind === Kind.ARGUMENT && node.name.value === 'fields' && node.value.kind === Kind.STRING);
  const place = rng.pick(sets);
  if (!place) return false;
  const names = [...new Set(nodes(documents, ofKind(Kind.FIELD_DEFINITION)).map(({ node }) => node.name.value))];
  const words = place.node.value.value.split(/\s+/);
  const changes = [
    () => words.push(rng.pick(names)),
    () => words.splice(rng.below(words.length), 1),
    () => words.push(rng.pick(names), '{', rng.pick(names), '}'),
    () => words.splice(0, words.length, rng.pick(sets).node.value.value),
    () => words.push('__typename'),
  ];
  rng.pick(changes)();
  place.node.value = { kind: Kind.STRING, value: words.join(' ') };
  return true;
}

function dropImplements(documents, rng) {
  const place = rng.pick(nodes(documents, (node) => node.interfaces?.length > 0));
  if (!place) return false;
  place.node.interfaces.splice(rng.below(place.node.interfaces.length), 1);
  return true;
}

function addImplements(documents, rng) {
  const interfaces = nodes(documents, ofKind(Kind.INTERFACE_TYPE_DEFINITION)).map(({ node }) => node.name.value);
  const place = rng.pick(nodes(documents, isType));
  if (!place || interfaces.length === 0) return false;
  const name = rng.pick(interfaces);
  if (place.node.interfaces.some((known) => known.name.value === name)) return false;
  place.node.interfaces.push({ kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } });
  return true;
}

function dropArgument(documents, rng) {
  const place = rng.pick(nodes(documents, (node) => node.kind === Kind.FIELD_DEFINITION && node.arguments.length > 0));
  if (!place) return false;
  place.node.arguments.splice(rng.below(place.node.arguments.length), 1);
  return true;
}

function changeArgument(documents, rng) {
  const place = rng.pick(nodes(documents, ofKind(Kind.FIELD_DEFINITION)));
  if (!place) return false;
  const text = rng.pick(['x: Int', 'x: Int!', 'x: Int = 1', 'x: Int = 2', 'x: [Int!]', 'x: String = "s"']);
  const argument = parse(`type T { f(${text}): Int }`, { noLocation: true }).definitions[0].fields[0].arguments[0];
  place.node.arguments = place.node.arguments.filter(({ name }) => name.value !== 'x').concat(argument);
  return true;
}

function dropMember(documents, rng) {
  const place = rng.pick(nodes(documents, (node) => node.kind === Kind.UNION_TYPE_DEFINITION && node.types.length > 1));
  if (!place) return false;
  place.node.types.splice(rng.below(place.node.types.length), 1);
  return true;
}
