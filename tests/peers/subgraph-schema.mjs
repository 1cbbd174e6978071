// A subgraph's SDL as a schema that graphql-js executes: extensions stand for definitions, federation's own fields are added.
import { Kind, buildASTSchema, parse } from 'graphql';

export function subgraphSchema(sdl) {
  const federation = parse('scalar _Any type _Service { sdl: String! }').definitions;
  const own = parse(sdl).definitions
    .filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION && kind !== Kind.DIRECTIVE_DEFINITION)
    .map((definition) => (definition.kind === Kind.OBJECT_TYPE_EXTENSION ? { ...definition, kind: Kind.OBJECT_TYPE_DEFINITION } : definition));
  const keyed = own.filter((each) => each.directives.some(({ name }) => name.value === 'key')).map((each) => each.name.value);
  const [union, fields] = parse(`union _Entity = ${keyed.join(' | ')} type Query { _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }`).definitions;
  const query = own.find((each) => each.name.value === 'Query');
  const root = query ? { ...query, fields: [...query.fields, ...fields.fields] } : fields;
  const definitions = [...federation, union, root, ...own.filter((each) => each !== query)];
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValidSDL: true });
}
