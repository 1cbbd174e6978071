// Compares two supergraph SDL files by meaning: regardless of the order of definitions, members, directives and
// arguments, of the layout of descriptions and field sets, of arguments that say what their default says, and of what
// the link and join definitions say of themselves. Prints the lines that only one of them has; exit 0 if there are none.
//
//   node compare-supergraphs.mjs ours.graphql theirs.graphql
import { readFileSync } from 'node:fs';
import { Kind, parse, print, visit } from 'graphql';

const MEMBERS = ['directives', 'fields', 'arguments', 'values', 'types', 'interfaces', 'locations', 'operationTypes'];

const DEFAULTS = { resolvable: true, extension: false };
const FIELD_SETS = ['key', 'requires', 'provides'];

/** An argument of a join directive in its one spelling; none if it says nothing. */
function normalArgument({ name, value }) {
  if (DEFAULTS[name.value] === value.value) return [];
  if (!FIELD_SETS.includes(name.value) || value.kind !== Kind.STRING) return [{ kind: Kind.ARGUMENT, name, value }];
  const [{ selectionSet }] = parse(`{ ${value.value} }`, { noLocation: true }).definitions;
  return [{ kind: Kind.ARGUMENT, name, value: { ...value, value: print(selectionSet).replaceAll(/\s+/g, ' ') } }];
}

/** Lines such as `type User: id: ID!`, one a member, so that a difference names its place. */
function lines(file) {
  const document = visit(parse(readFileSync(file, 'utf8'), { noLocation: true }), {
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
  for (const definition of document.definitions) {
    if (/^(link|join)__/.test(definition.name?.value ?? '') && definition.name.value !== 'join__Graph') continue;
    const place = `${definition.kind} ${definition.name?.value ?? ''}`.trim();
    const members = definition.fields ?? definition.values;
    found.add(`${place} ${print({ ...definition, fields: [], values: [] })}`);
    for (const member of members ?? []) found.add(`${place}: ${print(member)}`);
  }
  return found;
}

const [ours, theirs] = process.argv.slice(2, 4).map(lines);
const only = (from, other, sign) => [...from].filter((line) => !other.has(line)).map((line) => `${sign} ${line.replaceAll(/\s+/g, ' ')}`);
const differences = [...only(ours, theirs, '-'), ...only(theirs, ours, '+')].sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1));
for (const difference of differences) console.log(difference);
process.exitCode = differences.length > 0 ? 1 : 0;
