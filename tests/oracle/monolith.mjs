// The monolith: the reference implementation of GraphQL on the whole data at once. One JSON value a line in, one out.
//
// {"sdl", "world"} changes what is served, and is answered {}. {"query", "variables", "lost"} is answered as GraphQL says.
// `lost` names what did not come, by response path: "error" for what failed, "null" for what is null after all.
import { createInterface } from 'node:readline';
import { buildSchema, execute, parse } from 'graphql';

let schema;
let world;

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

const pathOf = (path) => (path === undefined ? '' : `${pathOf(path.prev)}/${path.key}`);

/** A value with what was lost below it taken out: lists here, members when they are asked for. */
function withLosses(value, path, lost) {
  if (lost?.[path] === 'null') return null;
  if (lost?.[path] === 'error') return new Error('lost');
  if (Array.isArray(value)) return value.map((item, index) => withLosses(item, `${path}/${index}`, lost));
  return resolved(value);
}

function fieldResolver(source, args, lost, info) {
  const path = pathOf(info.path);
  // A root type's values are the same wherever an object of it stands.
  let value = source?.[info.fieldName] ?? world.fields[`${info.parentType.name}.${info.fieldName}`];
  if (value?.__echo !== undefined) value = Object.keys(args).length > 0 ? `${value.__echo}${sorted(args)}` : value.__echo;
  const given = withLosses(value, path, lost);
  if (given instanceof Error) throw given;
  return given;
}

function answer({ sdl, world: data, query, variables, lost }) {
  if (sdl !== undefined) {
    schema = buildSchema(sdl, { assumeValid: true });
    world = data;
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
