// The monolith: the reference implementation of GraphQL on the whole data at once. One JSON value a line in, one out.
//
// {"sdl", "world", "contexts"} changes what is served, and is answered {}. {"query", "variables", "lost"} is answered as
// GraphQL says. `contexts` has the arguments that fields read of their ancestors, by coordinate: what the nearest object
// of one of some types gives, by the names of fields on the way.
// `lost` names what did not come, by response path: "error" for what failed, "null" for what is null after all.
import { createInterface } from 'node:readline';
import { buildSchema, execute, parse } from 'graphql';

let schema;
let world;
let contexts;

/** The object that a value was found in, with its type. */
const ABOVE = Symbol('above');

const sorted = (value) => {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${sorted(value[key])}`).join(',')}}`;
};

/** An object of the world with its type; anything else as it is. */
const resolved = (value) => {
  if (value === null || typeof value !== 'object' || value.__ref === undefined) return value;
  const [type, name] = value.__ref.split('/');
  return { ...world.records[type][name], __typename: type };
};

/** What stands at the end of a path of fields. */
function follow(value, path) {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => follow(item, path));
  if (path.length === 0) return value.__echo ?? value;
  return follow(resolved(value)[path[0]], path.slice(1));
}

/** The arguments that a field reads of the ancestors of its object. */
function read(coordinate, source) {
  const given = {};
  for (const { name, reads } of contexts[coordinate] ?? []) {
    let at = source?.[ABOVE];
    while (at !== undefined && reads[at.type] === undefined) at = at.source?.[ABOVE];
    const path = reads[at?.type] ?? null;
    const root = (field) => ({ [field]: world.fields[`${at.type}.${field}`], __typename: at.type });
    given[name] = path === null ? null : follow(at.source ?? root(path[0]), path);
  }
  return given;
}

const pathOf = (path) => (path === undefined ? '' : `${pathOf(path.prev)}/${path.key}`);

/** A value with what was lost below it taken out: lists here, members when they are asked for. */
function withLosses(value, path, lost, above) {
  if (lost?.[path] === 'null') return null;
  if (lost?.[path] === 'error') return new Error('lost');
  if (Array.isArray(value)) return value.map((item, index) => withLosses(item, `${path}/${index}`, lost, above));
  const object = resolved(value);
  return object === null || typeof object !== 'object' ? object : { ...object, [ABOVE]: above };
}

function fieldResolver(source, args, lost, info) {
  const path = pathOf(info.path);
  // A root type's values are the same wherever an object of it stands.
  let value = source?.[info.fieldName] ?? world.fields[`${info.parentType.name}.${info.fieldName}`];
  const all = { ...args, ...read(`${info.parentType.name}.${info.fieldName}`, source) };
  if (value?.__echo !== undefined) value = Object.keys(all).length > 0 ? `${value.__echo}${sorted(all)}` : value.__echo;
  const given = withLosses(value, path, lost, { type: info.parentType.name, source });
  if (given instanceof Error) throw given;
  return given;
}

function answer({ sdl, world: data, contexts: read, query, variables, lost }) {
  if (sdl !== undefined) {
    schema = buildSchema(sdl, { assumeValid: true });
    world = data;
    contexts = read;
    return {};
  }
  const { data: result, errors } = execute({
    schema, document: parse(query), variableValues: variables, contextValue: lost, fieldResolver,
    typeResolver: (value) => value.__typename,
  });
  return { data: JSON.stringify(result ?? null), errors: (errors ?? []).map(({ message, path }) => ({ message, path })) };
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = answer(JSON.parse(line));
  } catch (error) {
    reply = { failed: String(error.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
