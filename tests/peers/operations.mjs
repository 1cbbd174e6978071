// Random operations that a schema allows: nested fields, aliases, fragments, abstract types, variables, conditions.
// The same seed gives the same operations.
import { getNamedType, isAbstractType, isEnumType, isInputObjectType, isLeafType, isListType, isNonNullType, print, parse } from 'graphql';

export function randomizer(seed) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13; state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5; state >>>= 0;
    return state;
  };
  return { below: (bound) => next() % bound, chance: (percent) => next() % 100 < percent, pick: (list) => list[next() % list.length] };
}

const FIELDS_MAX = 60;

/** One operation as `{ query, variables }`. */
export function randomOperation(schema, random) {
  const variables = {};
  const declarations = [];
  const fragments = [];
  let left = FIELDS_MAX;

  const literal = (type) => {
    if (isNonNullType(type)) return literal(type.ofType);
    if (isListType(type)) return `[${literal(type.ofType)}]`;
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    if (isInputObjectType(type)) return `{${Object.values(type.getFields()).filter((each) => isNonNullType(each.type) || random.chance(50)).map((each) => `${each.name}: ${literal(each.type)}`).join(', ')}}`;
    return { Int: `${random.below(9)}`, Float: '1.5', Boolean: 'true', ID: `"id-${random.below(12)}"` }[type.name] ?? `"text ${random.below(9)}"`;
  };
  const plain = (type) => {
    if (isNonNullType(type)) return plain(type.ofType);
    if (isListType(type)) return [plain(type.ofType)];
    if (isEnumType(type)) return random.pick(type.getValues()).name;
    if (isInputObjectType(type)) return Object.fromEntries(Object.values(type.getFields()).map((each) => [each.name, plain(each.type)]));
    return { Int: random.below(9), Float: 1.5, Boolean: random.chance(50), ID: `id-${random.below(12)}` }[type.name] ?? `text ${random.below(9)}`;
  };
  const variable = (type, value) => {
    const name = `v${declarations.length}`;
    declarations.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  };
  const condition = () => (random.chance(8) ? ` @${random.pick(['skip', 'include'])}(if: ${random.chance(50) ? random.chance(60) : variable('Boolean!', random.chance(60))})` : '');
  const argumentsOf = (field) => {
    const given = field.args.filter((each) => (isNonNullType(each.type) && each.defaultValue === undefined) || random.chance(60))
      .map((each) => `${each.name}: ${random.chance(50) ? variable(String(each.type), plain(each.type)) : literal(each.type)}`);
    return given.length > 0 ? `(${given.join(', ')})` : '';
  };

  const selectionSet = (type, depth, aliases) => {
    const parts = [];
    const fields = type.getFields ? Object.values(type.getFields()) : [];
    if (fields.length === 0 || random.chance(25)) parts.push(random.chance(20) ? 'kind: __typename' : '__typename');
    for (let count = 1 + random.below(4); count > 0 && fields.length > 0 && left > 0; count -= 1) {
      const field = random.pick(fields);
      const named = getNamedType(field.type);
      if (!isLeafType(named) && depth <= 0) continue;
      left -= 1;
      const alias = random.chance(20) || field.args.length > 0 ? `a${aliases.next++}: ` : '';
      // One response key has one meaning in the whole operation: aliases are never reused, plain names have no arguments.
      const below = isLeafType(named) ? '' : ` ${selectionSet(named, depth - 1, aliases)}`;
      parts.push(`${alias}${field.name}${argumentsOf(field)}${condition()}${below}`);
    }
    if (isAbstractType(type)) {
      for (const possible of schema.getPossibleTypes(type)) {
        if (random.chance(60) && left > 0) parts.push(`... on ${possible.name}${condition()} ${selectionSet(possible, depth, aliases)}`);
      }
    } else if (random.chance(10) && left > 0) {
      parts.push(`...${condition()} ${selectionSet(type, depth, aliases)}`);
    }
    if (random.chance(10) && left > 0) {
      const name = `F${fragments.length}`;
      fragments.push('');
      fragments[Number(name.slice(1))] = `fragment ${name} on ${type.name} ${selectionSet(type, Math.min(depth, 1), aliases)}`;
      parts.push(`...${name}`);
    }
    if (parts.length === 0) parts.push('__typename');
    return `{ ${parts.join(' ')} }`;
  };

  const body = selectionSet(schema.getQueryType(), 2 + random.below(5), { next: 0 });
  const head = declarations.length > 0 ? `query Random(${declarations.join(', ')})` : 'query Random';
  return { query: print(parse(`${head} ${body} ${fragments.join(' ')}`)), variables };
}
