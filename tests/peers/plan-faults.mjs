// What is wrong with a peer's plan, if anything can be told from the plan alone:
// - an operation that is invalid in the subgraph that gets it;
// - one that asks a subgraph for a field that is `@external` there, neither provided on the way nor part of a key: what
//   it answers is null, or a value that isn't the field's;
// - a field that the client asks for and no operation does.
import { Supergraph, operationFromDocument } from '@apollo/federation-internals';
import { getNamedType, parse, validate, valueFromASTUntyped } from 'graphql';

/** The subgraphs of a supergraph. */
export class Subgraphs {
  constructor(sdl, schema) {
    this.schema = schema;
    this.byName = new Map([...Supergraph.build(sdl).subgraphs()].map((subgraph) => [subgraph.name, {
      subgraph, metadata: subgraph.metadata(), schema: subgraph.schema.toGraphQLJSSchema(),
    }]));
  }

  /** The first thing that is wrong with a plan for an operation. */
  fault(plan, operation) {
    return this.invalid(plan) ?? unasked(plan, operation, this.schema);
  }

  invalid(plan) {
    for (const fetch of fetches(plan)) {
      const known = this.byName.get(fetch.serviceName);
      const document = parsed(fetch.operation);
      const [error] = document instanceof Error ? [document] : validate(known.schema, document);
      if (error) return `${fetch.serviceName}: ${error.message}: ${fetch.operation}`;
      const operation = operationFromDocument(known.subgraph.schema, document);
      const external = this.external(known, operation.expandAllFragments().selectionSet, [], `${fetch.serviceName}: `);
      if (external) return external;
    }
    return undefined;
  }

  /** A selected field that the subgraph doesn't resolve there, `provided` being the sets that cover the selection. */
  external(known, selectionSet, provided, path) {
    for (const selection of selectionSet.selections()) {
      if (selection.kind === 'FragmentSelection') {
        const found = this.external(known, selection.selectionSet, provided, path);
        if (found) return found;
        continue;
      }
      const { definition, name } = selection.element;
      const below = provided.flatMap((set) => under(set, name));
      const covered = provided.some((set) => has(set, name));
      if (!covered && known.metadata.isFieldExternal(definition) && !isOfKey(definition)) {
        return `${path}${name} is external there, and not provided`;
      }
      if (selection.selectionSet) {
        const own = definition.appliedDirectivesOf('provides').map((applied) => parse(`{${applied.arguments().fields}}`).definitions[0].selectionSet);
        const found = this.external(known, selection.selectionSet, [...below, ...own], `${path}${name}.`);
        if (found) return found;
      }
    }
    return undefined;
  }
}

function parsed(text) {
  try {
    return parse(text);
  } catch (error) {
    return error;
  }
}

/** All fetches of a plan. */
function fetches(node) {
  if (!node) return [];
  if (node.operation) return [node];
  return [...(node.nodes ?? []), node.node, node.ifClause, node.elseClause].flatMap(fetches);
}

/** A field of the client's that no fetch asks for. Plans that rename what comes back are left alone. */
function unasked(plan, { query, variables }, schema) {
  const all = fetches(plan);
  if (all.some((fetch) => fetch.outputRewrites?.length)) return undefined;
  const document = parse(query);
  const wanted = leaves(document, { variables, schema });
  const asked = new Set(all.flatMap((fetch) => leaves(parse(fetch.operation)).map(({ path }) => path.replace(/^\/_entities|^\/_e\d+/, ''))));
  const ends = [...asked];
  const missing = wanted.find(({ path, name }) => !path.startsWith('/__') && name !== '__typename' && !ends.some((end) => end && path.endsWith(end)));
  return missing && `nobody is asked for ${missing.path.slice(1).replaceAll('/', '.')}`;
}

/**
 * The leaves of an operation. With variables and a schema those that stand whatever the types of objects are, else all.
 */
function leaves(document, { variables, schema } = {}) {
  const fragments = new Map(document.definitions.filter((each) => each.kind === 'FragmentDefinition').map((each) => [each.name.value, each]));
  const found = [];
  const stands = ({ directives = [] }) => !variables || directives.every(({ name, arguments: [condition] = [] }) => (
    !['skip', 'include'].includes(name.value) || valueFromASTUntyped(condition.value, variables) === (name.value === 'include')));
  const walk = (set, type, path) => {
    for (const selection of set.selections.filter(stands)) {
      if (selection.kind === 'Field') {
        const below = `${path}/${(selection.alias ?? selection.name).value}`;
        const field = type?.getFields?.()[selection.name.value];
        if (selection.selectionSet) walk(selection.selectionSet, field && getNamedType(field.type), below);
        else found.push({ path: below, name: selection.name.value });
        continue;
      }
      const { selectionSet, typeCondition } = selection.kind === 'FragmentSpread' ? fragments.get(selection.name.value) : selection;
      if (!schema || !typeCondition || typeCondition.name.value === type?.name) walk(selectionSet, type, path);
    }
  };
  const operation = document.definitions.find((each) => each.kind === 'OperationDefinition');
  const root = { query: schema?.getQueryType(), mutation: schema?.getMutationType(), subscription: schema?.getSubscriptionType() };
  walk(operation.selectionSet, root[operation.operation], '');
  return found;
}

/** The fields of a field set, whatever type they are for. */
function fields(set) {
  return set.selections.flatMap((each) => (each.kind === 'Field' ? [each] : fields(each.selectionSet)));
}

const has = (set, name) => fields(set).some((field) => field.name.value === name);
const under = (set, name) => fields(set).filter((field) => field.name.value === name && field.selectionSet).map((field) => field.selectionSet);

/** Whether a field is in a key: its subgraph knows it from the representation. */
function isOfKey(definition) {
  return definition.parent.appliedDirectivesOf('key').some((applied) => has(parse(`{${applied.arguments().fields}}`).definitions[0].selectionSet, definition.name));
}
