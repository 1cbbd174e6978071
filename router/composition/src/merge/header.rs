//! The supergraph's own vocabulary: link and join definitions, composed specifications, and what the schema links.

mod join_spec;

use federation::link::{Purpose, Version};
use federation::subgraph::Subgraph;
use federation::vocabulary::{CANONICAL_PREFIX, COMPOSED_SPECS, ComposedSpec, DEFINITIONS, SPECS_HOME, join_version};
use graphql::ast::{DirectiveDefinition, EnumValueDefinition, Value};
use graphql::collections::{IndexMap, IndexSet};
use graphql::schema::{Component, EnumType};
use graphql::{Name, Node, Schema};

use super::compose_directive::Composed;
use super::context::{Context, Findings};
use super::{applied, carried, description, join};

/// The other half of the context specification: nothing in a supergraph applies it, but it belongs to `@context`.
const FROM_CONTEXT: &str = "scalar context__ContextFieldValue\ndirective @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION\n";

/// Adds everything that is not the subgraphs' own.
pub(crate) fn add(context: &Context<'_>, out: &mut Schema, findings: &mut Findings) {
    schema_definition(context, out, findings);
    let composed: Vec<_> = context.composed.iter().map(|(name, composed)| (name.clone(), composed.clone())).collect();
    for (name, composed) in &composed {
        let definition = composed_definition(context, name, composed, findings);
        out.directive_definitions.insert(definition.name.clone(), Node::new(definition));
    }
    let applied = findings.applied().clone();
    let is_applied = |spec: &&ComposedSpec| {
        spec.directives.iter().any(|name| applied.contains(format!("{CANONICAL_PREFIX}{name}").as_str()))
    };
    let specs: Vec<&ComposedSpec> = COMPOSED_SPECS.iter().filter(is_applied).collect();
    let linked = context.subgraphs.iter().map(Subgraph::implied_federation);
    let federation = linked.chain(specs.iter().map(|spec| spec.since)).max().unwrap_or(Version::new(2, 0));
    let join_version = join_version(federation);

    let mut links = vec![link("link", Version::new(1, 0), None, Vec::new())];
    links.push(link("join", join_version, Some(Purpose::Execution), Vec::new()));
    let mut sdl = join_spec::sdl(join_version);
    for spec in specs {
        links.push(link(spec.name, spec.version, spec.purpose, imports(context, spec, &applied)));
        sdl.push_str(&spec_sdl(context, spec));
    }
    links.extend(composed_links(&composed));
    add_vocabulary(out, sdl);
    out.types.insert(join::fixed("join__Graph"), graphs(context).into());
    let definition = out.schema_definition.make_mut();
    definition.directives.splice(0..0, links.into_iter().map(Component::new));
}

/// Links the specification of `@inaccessible` in a supergraph that doesn't yet; gives the directive's name there.
pub(crate) fn link_inaccessible(out: &mut Schema) -> Name {
    const PLAIN: &str = "inaccessible";
    let taken = out.directive_definitions.contains_key(PLAIN);
    let name = join::fixed(if taken { "api_inaccessible" } else { PLAIN });
    let Some(spec) = COMPOSED_SPECS.iter().find(|spec| spec.name == PLAIN) else { return name };
    let mut link = link(spec.name, spec.version, spec.purpose, Vec::new());
    if taken {
        link.arguments.extend(join::arguments(vec![("as", Value::String(name.to_string()))]));
    }
    out.schema_definition.make_mut().directives.push(Component::new(link));
    let definition = DEFINITIONS.iter().find(|definition| definition.name == PLAIN);
    let vocabulary = definition.map(|definition| definition.sdl(&name)).unwrap_or_default();
    add_vocabulary(out, vocabulary);
    out.directive_definitions.sort_keys();
    name
}

fn add_vocabulary(out: &mut Schema, sdl: String) {
    let Ok(vocabulary) = Schema::builder().parse(sdl, "supergraph.graphql").build() else { return };
    out.types.extend(vocabulary.types.into_iter().filter(|(_, ty)| !ty.is_built_in()));
    let definitions = vocabulary.directive_definitions.into_iter();
    out.directive_definitions.extend(definitions.filter(|(_, definition)| !definition.is_built_in()));
}

fn schema_definition(context: &Context<'_>, out: &mut Schema, findings: &mut Findings) {
    let subgraphs = context.subgraphs;
    let root = |name: &'static str| out.types.contains_key(name).then(|| join::fixed(name).into());
    let (query, mutation, subscription) = (root("Query"), root("Mutation"), root("Subscription"));
    let descriptions =
        subgraphs.iter().enumerate().map(|(graph, s)| (graph, s.schema.schema_definition.description.as_ref()));
    let description = description::merge(context, format_args!("The schema"), descriptions, findings);
    let lists = subgraphs
        .iter()
        .enumerate()
        .map(|(graph, s)| (graph, s.schema.schema_definition.directives.iter().map(|d| &d.node).collect()))
        .collect();
    let directives = applied::merge(context, format_args!("The schema"), lists, findings);
    let definition = out.schema_definition.make_mut();
    definition.description = description;
    definition.directives = directives.into_iter().map(Component::from).collect();
    (definition.query, definition.mutation, definition.subscription) = (query, mutation, subscription);
}

fn link(spec: &str, version: Version, purpose: Option<Purpose>, imports: Vec<Node<Value>>) -> graphql::ast::Directive {
    let url =
        if spec.contains("://") { format!("{spec}/v{version}") } else { format!("{SPECS_HOME}{spec}/v{version}") };
    let mut arguments = vec![("url", Value::String(url))];
    if !imports.is_empty() {
        arguments.push(("import", Value::List(imports)));
    }
    arguments.extend(purpose.map(|purpose| {
        let name = match purpose {
            Purpose::Security => "SECURITY",
            Purpose::Execution => "EXECUTION",
        };
        ("for", Value::Enum(join::fixed(name)))
    }));
    join::directive("link", arguments)
}

/// Imports are written only for names that a link alone would not give.
fn imports(context: &Context<'_>, spec: &ComposedSpec, applied: &IndexSet<Name>) -> Vec<Node<Value>> {
    let mut imports = Vec::new();
    for plain in spec.directives {
        let canonical = format!("{CANONICAL_PREFIX}{plain}");
        if !applied.contains(canonical.as_str()) || carried::is_carried(&canonical) {
            continue;
        }
        let name = context.spec_names.get(&canonical).unwrap_or(plain);
        if name != *plain {
            imports.push(renamed(plain, name));
        } else if *plain != spec.name {
            imports.push(Node::new(Value::String(format!("@{plain}"))));
        }
    }
    imports
}

fn renamed(element: &str, local: &str) -> Node<Value> {
    let member = |key: &'static str, name: &str| (join::fixed(key), Node::new(Value::String(format!("@{name}"))));
    Node::new(Value::Object(vec![member("name", element), member("as", local)]))
}

/// One link a specification, importing all of its directives that are kept.
fn composed_links(composed: &[(String, Composed)]) -> Vec<graphql::ast::Directive> {
    let mut features: IndexMap<&str, (Version, Vec<Node<Value>>)> = IndexMap::default();
    for (name, composed) in composed {
        let import = if composed.element == *name {
            Node::new(Value::String(format!("@{name}")))
        } else {
            renamed(&composed.element, name)
        };
        let feature = features.entry(&composed.identity).or_insert((composed.version, Vec::new()));
        feature.1.push(import);
    }
    features.into_iter().map(|(identity, (version, imports))| link(identity, version, None, imports)).collect()
}

/// A composed directive's definition, with the directives on its arguments called as in the supergraph.
fn composed_definition(
    context: &Context<'_>,
    name: &str,
    composed: &Composed,
    findings: &mut Findings,
) -> DirectiveDefinition {
    let mut definition = (*composed.definition).clone();
    for argument in &mut definition.arguments {
        let place = format_args!("Argument \"@{name}({}:)\"", argument.name);
        let list = argument.directives.iter().collect();
        let directives = applied::merge(context, place, vec![(composed.graph(), list)], findings);
        argument.make_mut().directives = directives;
    }
    definition
}

fn spec_sdl(context: &Context<'_>, spec: &ComposedSpec) -> String {
    let mut sdl = String::new();
    if spec.name == "context" {
        sdl.push_str(FROM_CONTEXT);
    }
    for plain in spec.directives {
        let canonical = format!("{CANONICAL_PREFIX}{plain}");
        let Some(definition) = DEFINITIONS.iter().find(|definition| definition.name == *plain) else { continue };
        if carried::is_carried(&canonical) {
            continue;
        }
        // A specification is defined as a whole: what nobody applies keeps the name that the link alone gives it.
        let unapplied = if *plain == spec.name { spec.name.to_owned() } else { format!("{}__{plain}", spec.name) };
        let mut text = definition.sdl(context.spec_names.get(&canonical).unwrap_or(&unapplied));
        for scalar in ["Scope", "Policy"] {
            let (own, local) = (format!("federation__{scalar}"), format!("{}__{scalar}", spec.name));
            if text.contains(&own) {
                sdl.push_str(&format!("scalar {local}\n"));
                text = text.replace(&own, &local);
            }
        }
        sdl.push_str(&text);
        sdl.push('\n');
    }
    sdl
}

fn graphs(context: &Context<'_>) -> EnumType {
    let value = |(graph, subgraph): (&Name, &federation::subgraph::Subgraph<_>)| {
        let text = |text: &String| Value::String(text.clone());
        let directive =
            join::directive("join__graph", vec![("name", text(&subgraph.name)), ("url", text(&subgraph.url))]);
        let value = EnumValueDefinition {
            description: None,
            value: graph.clone(),
            directives: std::iter::once(directive).collect(),
        };
        (graph.clone(), Component::new(value))
    };
    EnumType {
        description: None,
        name: join::fixed("join__Graph"),
        directives: Default::default(),
        values: context.graphs.iter().zip(context.subgraphs).map(value).collect(),
    }
}
