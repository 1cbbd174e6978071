//! `MISSING_TRANSITIVE_AUTH_REQUIREMENTS`: a field that reads others, by `@requires` or from a context, must ask its
//! readers for all that reading those directly would, or it would give away what they guard.

use federation::subgraph::{Composite, FromContext, Subgraph, Validated};
use federation::vocabulary::{FROM_CONTEXT, REQUIRES};
use graphql::ast::Selection;
use graphql::{Diagnostic, Name, Schema};

use crate::merge::links::SpecNames;
use crate::merge::requirements::{self, Requirements, TooMany};
use crate::report;

const CODE: &str = "MISSING_TRANSITIVE_AUTH_REQUIREMENTS";

/// The merged schema with its requirements.
struct Guarded<'a> {
    schema: &'a Schema,
    names: &'a SpecNames,
}

/// What a field asks of its readers, by itself and by its type.
struct Held {
    of_type: Requirements,
    of_field: Requirements,
}

/// Why a field may not read something.
enum Unmet {
    /// It reads what asks for more.
    Reads(String),
    /// There are too many alternatives to say.
    TooMany,
}

impl Held {
    /// What is unmet of something that asks for all of `asked`.
    fn lacks<const N: usize>(&self, asked: [Requirements; N], reads: impl Fn() -> String) -> Option<Unmet> {
        asked.iter().find_map(|asked| match Requirements::both_imply(&self.of_type, &self.of_field, asked) {
            Ok(true) => None,
            Ok(false) => Some(Unmet::Reads(reads())),
            Err(TooMany) => Some(Unmet::TooMany),
        })
    }
}

/// Checks every `@requires` and `@fromContext`.
pub(super) fn check(schema: &Schema, names: &SpecNames, subgraphs: &[Subgraph<Validated>]) -> Vec<Diagnostic> {
    if !names.ask_for_access() {
        return Vec::new();
    }
    let guarded = Guarded { schema, names };
    let mut errors = Vec::new();
    for subgraph in subgraphs {
        for composite in subgraph.schema.types.values().filter_map(Composite::of) {
            for (name, field) in composite.fields {
                let mut error = |unmet: Unmet, how: &str, location| {
                    let Unmet::Reads(reads) = unmet else {
                        let message = requirements::too_many(format_args!("Field \"{}.{name}\"", composite.name));
                        errors.push(report::within(subgraph, requirements::TOO_MANY_CODE, location, message));
                        return;
                    };
                    let message = format!(
                        "Field \"{}.{name}\" does not specify necessary @authenticated, @requiresScopes and/or @policy auth requirements to access {reads} from {how}",
                        composite.name
                    );
                    errors.push(
                        report::within(subgraph, CODE, location, message)
                            .help("Ask of this field's readers, on the field or its type, what those data ask for."),
                    );
                };
                let held =
                    Held { of_type: guarded.of_type(composite.name), of_field: guarded.of_field(composite.name, name) };
                let facts = subgraph.field_facts(composite.name, name);
                if let Some(set) = facts.and_then(|facts| facts.requires.as_ref())
                    && let Some(unmet) = guarded.unmet(&held, composite.name, set)
                {
                    let location = field.directives.get(REQUIRES).and_then(|directive| directive.location());
                    error(unmet, "its @requires selection set", location);
                }
                for directive in field.arguments.iter().filter_map(|argument| argument.directives.get(FROM_CONTEXT)) {
                    let text = directive.specified_argument_by_name("field").and_then(|value| value.as_str());
                    let from = text.and_then(FromContext::parse);
                    if let Some(unmet) = from.and_then(|from| guarded.unmet_in_context(&held, subgraph, from)) {
                        error(unmet, "its @fromContext selection", directive.location());
                    }
                }
            }
        }
    }
    errors
}

impl Guarded<'_> {
    fn of_type(&self, name: &str) -> Requirements {
        let directives = self.schema.types.get(name).into_iter().flat_map(|ty| ty.directives().iter());
        Requirements::of(self.names, directives.map(|directive| &directive.node))
    }

    fn of_field(&self, ty: &str, field: &str) -> Requirements {
        let field = self.schema.types.get(ty).and_then(Composite::of).and_then(|ty| ty.fields.get(field));
        field.map_or_else(Requirements::default, |field| Requirements::of(self.names, field.directives.iter()))
    }

    fn unmet_in_context(&self, held: &Held, subgraph: &Subgraph<Validated>, from: FromContext<'_>) -> Option<Unmet> {
        let selections = from.selections().ok()?;
        from.setters(&subgraph.schema).find_map(|setter| {
            let reads = || format!("the data of type \"{setter}\", which sets context \"{}\",", from.context);
            held.lacks([self.of_type(setter)], reads).or_else(|| self.unmet(held, setter, &selections))
        })
    }

    /// The first thing selected that asks for more than is held. Selections nest no deeper than their parser allows.
    fn unmet(&self, held: &Held, parent: &Name, set: &[Selection]) -> Option<Unmet> {
        set.iter().find_map(|selection| match selection {
            Selection::Field(field) => {
                let definition = self.schema.type_field(parent, &field.name).ok()?;
                let inner = definition.ty.inner_named_type();
                let asked = [self.of_field(parent, &field.name), self.of_type(inner)];
                held.lacks(asked, || format!("the data of field \"{parent}.{}\"", field.name))
                    .or_else(|| self.unmet(held, inner, &field.selection_set))
            }
            Selection::InlineFragment(fragment) => {
                let parent = fragment.type_condition.as_ref().unwrap_or(parent);
                held.lacks([self.of_type(parent)], || format!("the data of type \"{parent}\""))
                    .or_else(|| self.unmet(held, parent, &fragment.selection_set))
            }
            Selection::FragmentSpread(_) => None,
        })
    }
}
