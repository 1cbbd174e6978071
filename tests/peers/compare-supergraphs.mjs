// Compares two supergraph SDL files by meaning: regardless of the order of definitions, members, directives and
// arguments, of the layout of descriptions and field sets, of arguments that say what their default says, and of what
// the link and join definitions say of themselves. Prints the lines that only one of them has; exit 0 if there are none.
//
//   node compare-supergraphs.mjs ours.graphql theirs.graphql
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Kind, parse, print, visit } from 'graphql';

const MEMBERS = ['directives', 'fields', 'arguments', 'values', 'types', 'interfaces', 'locations', 'operationTypes'];

const DEFAULTS = { resolvable: true, extension: false };
const FIELD_SETS = ['key', 'requires', 'provides'];

/** An argument of a join directive in its one spelling; none if it says nothing. */
function normalArgument({ name, value }) {
  if (DEFAULTS[name.value] === value.value) return [];
  if (!FIELD_SETS.includes(name.value) || value.kind !== Kind.STRING) return [{ kind: Kind.ARGUMENT, name, value }];
  const braced = value.value.trim().startsWith('{') ? value.value : `{ ${value.value} }`;
  const [{ selectionSet }] = parse(braced, { noLocation: true }).definitions;
  return [{ kind: Kind.ARGUMENT, name, value: { ...value, value: print(selectionSet).replaceAll(/\s+/g, ' ') } }];
}

/** Lines such as `type User: id: ID!`, one a member, so that a difference names its place. */
function lines(sdl) {
  const document = visit(parse(sdl, { noLocation: true }), {
    leave(node) {
      const sorted = { ...node };
      if (node.kind === Kind.DIRECTIVE && node.name.value.startsWith('join__')) {
        sorted.arguments = node.arguments.flatMap(normalArgument).sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
        return sorted;
      }
      for (const key of MEMBERS) {
        if (Array.isArray(node[key])) sorted[key] = [...node[key]].sort((a, b) => (print(a) < print(b) ? -1 : 1));
      }
      if (node.kind === Kind.STRING) sorted.block = false;
      return sorted;
    },
  });
  const found = new Set();
  const applied = new Set();
  visit(document, { Directive: ({ name }) => { applied.add(name.value); } });
  // A definition for schemas alone that nothing in this one applies says nothing.
  const idle = ({ kind, name, locations }) => kind === Kind.DIRECTIVE_DEFINITION && !applied.has(name.value) &&
    locations.every(({ value }) => /DEFINITION|^(SCHEMA|SCALAR|OBJECT|INTERFACE|UNION|ENUM|ENUM_VALUE|INPUT_OBJECT)$/.test(value) && value !== 'VARIABLE_DEFINITION');
  for (const definition of document.definitions) {
    if (idle(definition)) continue;
    if (/^(link|join)__/.test(definition.name?.value ?? '') && definition.name.value !== 'join__Graph') continue;
    const place = `${definition.kind} ${definition.name?.value ?? ''}`.trim();
    const members = definition.fields ?? definition.values;
    found.add(`${place} ${print({ ...definition, fields: [], values: [] })}`);
    for (const member of members ?? []) found.add(`${place}: ${print(member)}`);
  }
  return found;
}

/** What only one of two supergraphs has, `-` ours and `+` theirs. */
export function differences(ours, theirs) {
  const [own, others] = [lines(ours), lines(theirs)];
  const only = (from, other, sign) => [...from].filter((line) => !other.has(line)).map((line) => `${sign} ${line.replaceAll(/\s+/g, ' ')}`);
  return [...only(own, others, '-'), ...only(others, own, '+')].sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [ours, theirs] = process.argv.slice(2, 4).map((file) => readFileSync(file, 'utf8'));
  const found = differences(ours, theirs);
  for (const difference of found) console.log(difference);
  process.exitCode = found.length > 0 ? 1 : 0;
}
