// Subgraphs made up from their SDL alone: any federation schema becomes HTTP servers whose data follows from the names.
//
// An entity is a number. A scalar field's value follows from the field's name and that number, so every subgraph says the
// same of the same entity and a key can be turned back into its number. A field that requires others mixes the values that
// came with the representation into its own, so wrong ones show in the answer.
import { createServer } from 'node:http';
import { Kind, buildASTSchema, getNamedType, graphql, isAbstractType, isEnumType, isLeafType, isListType, isNonNullType, parse } from 'graphql';

const NUMBERS = 12;

export const hash = (text) => {
  let value = 2166136261;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  return (value ^ (value >>> 15)) >>> 0;
};
const sorted = (value) => JSON.stringify(value, (_, each) =>
  (each && typeof each === 'object' && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each));
const directive = (node, name) => (node.directives ?? []).filter((each) => each.name.value.replace(/^federation__/, '') === name);
const argument = (node, name) => node.arguments.find((each) => each.name.value === name)?.value;
const EXTENSIONS = { [Kind.OBJECT_TYPE_EXTENSION]: Kind.OBJECT_TYPE_DEFINITION, [Kind.INTERFACE_TYPE_EXTENSION]: Kind.INTERFACE_TYPE_DEFINITION, [Kind.UNION_TYPE_EXTENSION]: Kind.UNION_TYPE_DEFINITION, [Kind.ENUM_TYPE_EXTENSION]: Kind.ENUM_TYPE_DEFINITION, [Kind.INPUT_OBJECT_TYPE_EXTENSION]: Kind.INPUT_OBJECT_TYPE_DEFINITION, [Kind.SCALAR_TYPE_EXTENSION]: Kind.SCALAR_TYPE_DEFINITION };

/** One document of definitions: extensions folded into what they extend, federation's own left out. */
function foldedDefinitions(sdl) {
  const folded = new Map();
  for (const each of parse(sdl).definitions) {
    if (each.kind === Kind.DIRECTIVE_DEFINITION || each.kind === Kind.SCHEMA_EXTENSION) continue;
    const kind = EXTENSIONS[each.kind] ?? each.kind;
    const key = each.name?.value ?? 'schema';
    const before = folded.get(key);
    const joined = (member) => [...(before?.[member] ?? []), ...(each[member] ?? [])];
    const fields = joined('fields').filter((field, index, all) => all.findIndex((other) => other.name.value === field.name.value) === index);
    folded.set(key, { ...before, ...each, kind, fields, directives: joined('directives'), interfaces: joined('interfaces'), types: joined('types'), values: joined('values') });
  }
  return folded;
}

function executableSchema(sdl) {
  const folded = foldedDefinitions(sdl);
  const schemaNode = folded.get('schema');
  const queryName = schemaNode?.operationTypes?.find((each) => each.operation === 'query')?.type.name.value ?? 'Query';
  const objects = [...folded.values()].filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION && directive(each, 'key').length > 0).map((each) => each.name.value);
  const [any, union, query] = parse(`scalar _Any ${objects.length ? `union _Entity = ${objects.join(' | ')}` : 'scalar _Entity'} type ${queryName} { _service: String ${objects.length ? '_entities(representations: [_Any!]!): [_Entity]!' : ''} }`).definitions;
  const own = folded.get(queryName);
  folded.set(queryName, own ? { ...own, fields: [...own.fields.filter((each) => !each.name.value.startsWith('_')), ...query.fields] } : query);
  for (const each of [any, union]) folded.set(each.name.value, each);
  return { schema: buildASTSchema({ kind: Kind.DOCUMENT, definitions: [...folded.values()] }, { assumeValidSDL: true }), nodes: folded };
}

/** The world that all subgraphs of one supergraph share. */
export function world(apiSchema, subgraphs) {
  const possible = (name) => {
    const type = apiSchema.getType(name);
    return isAbstractType(type) ? apiSchema.getPossibleTypes(type).map((each) => each.name).sort() : [name];
  };
  const interfaces = Object.values(apiSchema.getTypeMap()).filter(isAbstractType).map((each) => each.name);
  /** The concrete type of entity `number` behind an abstract one. */
  const concrete = (name, number) => possible(name)[number % possible(name).length];
  /** Whether `number` can be a `name`: no interface says that it is another type. */
  const fits = (name, number) => interfaces.every((each) => !possible(each).includes(name) || concrete(each, number) === name);

  const keyObjects = new Set(subgraphs.flatMap(({ sdl }) => [...foldedDefinitions(sdl).values()].flatMap((node) => directive(node, 'key')))
    .flatMap((key) => selections(argument(key, 'fields').value)).filter((each) => each.selectionSet).map((each) => each.name.value));

  const servers = Object.fromEntries(subgraphs.map(({ name, sdl }) => {
    const { schema, nodes } = executableSchema(sdl);
    const requiredBy = (type, field) => {
      const [requires] = directive(nodes.get(type)?.fields?.find((each) => each.name.value === field) ?? {}, 'requires');
      return requires ? selections(argument(requires, 'fields').value) : undefined;
    };

    const pick = (typeName, number) => {
      const type = schema.getType(typeName);
      const here = isAbstractType(type) ? schema.getPossibleTypes(type).map((each) => each.name) : [typeName];
      for (let step = 0; step < NUMBERS; step += 1) {
        const candidate = (number + step) % NUMBERS;
        const found = isAbstractType(type) ? concrete(typeName, candidate) : typeName;
        if (here.includes(found) && (!apiSchema.getType(found) || fits(found, candidate))) return { __typename: found, number: candidate };
      }
      return { __typename: here[0], number };
    };

    const scalar = (type, field, number, extra) => {
      if (isEnumType(type)) return type.getValues()[hash(`${field}.${number}`) % type.getValues().length].name;
      const seed = hash(`${field}.${number}.${extra}`);
      return { Int: (seed % 1000) * NUMBERS + number, Float: (seed % 1000) * NUMBERS + number + 0.5, Boolean: seed % 2 === 0 }[type.name] ?? `${field}-${number}${extra}`;
    };

    function valueOf(parent, fieldName, type, args, parentType) {
      if (isNonNullType(type)) return present(parent, fieldName, type.ofType, args, parentType);
      const isKeyLike = /id|upc|sku|^__/i.test(fieldName);
      if (!isKeyLike && hash(`null.${fieldName}.${parent.number}`) % 9 === 0) return null;
      return present(parent, fieldName, type, args, parentType);
    }

    function present(parent, fieldName, type, args, parentType) {
      const given = parent.representation?.[fieldName];
      if (given !== undefined) return represented(given, getNamedType(type).name);
      const argued = Object.keys(args).length > 0 ? sorted(args) : '';
      const requires = requiredBy(parentType, fieldName);
      const required = requires ? sorted(projected(parent.representation, requires) ?? null) : '';
      if (isListType(type)) {
        const length = 1 + (hash(`length.${fieldName}.${parent.number}`) % 3);
        return Array.from({ length }, (_, index) => item(parent, fieldName, type.ofType, `${argued}${required}${index}`, index));
      }
      return item(parent, fieldName, type, `${argued}${required}`, 0);
    }

    function item(parent, fieldName, type, extra, index) {
      const inner = isNonNullType(type) ? type.ofType : type;
      if (isListType(inner)) return [item(parent, fieldName, inner.ofType, extra, index)];
      if (isLeafType(inner)) return scalar(inner, fieldName, parent.number, extra);
      // What an entity's key looks into belongs to that entity alone, or the key would name several.
      const number = keyObjects.has(fieldName) ? parent.number : hash(`to.${fieldName}.${parent.number}`);
      return pick(inner.name, (number + index) % NUMBERS);
    }

    const represented = (given, typeName) => {
      if (Array.isArray(given)) return given.map((each) => represented(each, typeName));
      if (given === null || typeof given !== 'object') return given;
      const name = given.__typename ?? typeName;
      return { __typename: isAbstractType(schema.getType(name)) ? concrete(name, 0) : name, number: numberOf(name, given) ?? 0, representation: given };
    };

    /** Whether entity `number` would say what a representation says. */
    const matches = (typeName, number, representation) => Object.entries(representation).every(([field, value]) => {
      if (field === '__typename' || value === null) return true;
      const definition = (schema.getType(typeName)?.getFields?.() ?? {})[field] ?? apiSchema.getType(typeName)?.getFields?.()[field];
      if (!definition) return true;
      const said = valueOf({ number }, field, definition.type, {}, typeName);
      const same = (a, b, type) => {
        if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((each, index) => same(each, b[index], type));
        if (b && typeof b === 'object') return Boolean(a) && typeof a === 'object' && matches(a.__typename, a.number, b);
        return a === b;
      };
      return same(said, value, definition.type);
    });
    function numberOf(typeName, representation) {
      for (let number = 0; number < NUMBERS; number += 1) if (matches(typeName, number, representation)) return number;
      return undefined;
    }

    const fieldResolver = (parent, args, _context, { fieldName, returnType, parentType }) =>
      valueOf(parent ?? { number: 0 }, fieldName, returnType, args, parentType.name);
    const entities = ({ representations }) => representations.map((representation) => {
      const { __typename: typeName, ...given } = representation;
      const number = numberOf(typeName, keysOnly(nodes.get(typeName), given));
      if (number === undefined) return null;
      const isAbstract = isAbstractType(schema.getType(typeName));
      return { __typename: isAbstract ? concrete(typeName, number) : typeName, number, representation: given };
    });
    const queryName = schema.getQueryType().name;
    const answer = ({ query, variables, operationName }) => graphql({
      schema, source: query, variableValues: variables, operationName, rootValue: { number: 1 },
      fieldResolver: (parent, args, context, info) => (info.fieldName === '_entities' && info.parentType.name === queryName
        ? entities(args) : fieldResolver(parent, args, context, info)),
      typeResolver: (value) => value.__typename,
    });
    return [name, answer];
  }));
  return servers;
}

const selections = (fields) => parse(/^\s*\{/.test(fields) ? fields : `{ ${fields} }`).definitions[0].selectionSet.selections;

/** The part of a value that a field set names; type conditions apply to whatever has the field. */
function projected(value, set) {
  if (Array.isArray(value)) return value.map((each) => projected(each, set));
  if (value === null || typeof value !== 'object') return value;
  const fields = new Map();
  const collect = (list) => {
    for (const each of list) {
      if (each.kind === Kind.FIELD) fields.set(each.name.value, [...(fields.get(each.name.value) ?? []), ...(each.selectionSet?.selections ?? [])]);
      else collect(each.selectionSet.selections);
    }
  };
  collect(set);
  return Object.fromEntries([...fields].filter(([name]) => name !== '__typename' && name in value)
    .map(([name, below]) => [name, below.length > 0 ? projected(value[name], below) : value[name]]));
}

/** A representation without what only @requires brought along. */
function keysOnly(node, representation) {
  const names = new Set(directive(node ?? {}, 'key').flatMap((each) => selections(argument(each, 'fields').value).map((field) => field.name.value)));
  return names.size > 0 ? Object.fromEntries(Object.entries(representation).filter(([field]) => names.has(field))) : representation;
}

/** Serves every subgraph at its own path; resolves to the base URL and a way to stop. */
export function serve(servers, onCall = () => {}) {
  const server = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url.slice(1));
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const result = await servers[name](body).catch((error) => ({ errors: [{ message: error.message }] }));
    onCall({ subgraph: name, ...body, result });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ base: `http://127.0.0.1:${server.address().port}`, stop: () => server.closeAllConnections() ?? server.close() }));
  });
}
