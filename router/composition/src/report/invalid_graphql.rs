//! Findings of GraphQL itself about a subgraph, with the help that fits each.

use federation::subgraph::{Generation, Subgraph};
use federation::vocabulary::DEFINITIONS;
use graphql::suggest::did_you_mean;
use graphql::{Diagnostic, DiagnosticList, Label, SourceMap, SourceSpan, Suggestions, ToCliReport as _};

/// Findings of GraphQL itself, as errors within one subgraph.
pub(crate) fn invalid_graphql<Stage>(subgraph: &Subgraph<Stage>, errors: &DiagnosticList) -> Vec<Diagnostic> {
    findings(subgraph, errors, |_, _| true)
}

/// Findings about a text that is no GraphQL: the first in each definition, since the parser, once it has lost its way,
/// stumbles over what is right too.
pub(crate) fn invalid_syntax<Stage>(subgraph: &Subgraph<Stage>, errors: &DiagnosticList) -> Vec<Diagnostic> {
    let mut last: Option<usize> = None;
    findings(subgraph, errors, |span, sources| {
        let at = span.map_or(0, |span| span.offset());
        let text = span.and_then(|span| sources.get(&span.file_id())).map(|file| file.source_text());
        let first = last.is_none_or(|last| text.and_then(|text| text.get(last..at)).is_some_and(starts_a_definition));
        if first {
            last = Some(at);
        }
        first
    })
}

/// Whether some line after the first starts as definitions do.
fn starts_a_definition(text: &str) -> bool {
    const KEYWORDS: [&str; 9] =
        ["type", "interface", "union", "enum", "input", "scalar", "directive", "schema", "extend"];
    let mut words = text.lines().skip(1).filter_map(|line| line.split(|c: char| !c.is_ascii_alphabetic()).next());
    words.any(|word| KEYWORDS.contains(&word))
}

fn findings<Stage>(
    subgraph: &Subgraph<Stage>,
    errors: &DiagnosticList,
    mut told: impl FnMut(Option<SourceSpan>, &SourceMap) -> bool,
) -> Vec<Diagnostic> {
    let told: Vec<_> = errors.iter().filter(|error| told(error.error.location(), error.sources)).collect();
    let left_out = graphql::left_out(told.len(), "INVALID_GRAPHQL");
    let reported = told.into_iter().take(graphql::FINDINGS_MAX).map(|error| {
        let own = |label: &Label| label.source == subgraph.name;
        let found = error.error.location().and_then(|span| graphql::label(span, error.sources, "here")).filter(own);
        let text = error.error.to_string();
        let help = help(subgraph, error.error.unstable_error_name().unwrap_or_default(), &text);
        Diagnostic::error("INVALID_GRAPHQL", format!("[{}] {text}", subgraph.name))
            .label(found.unwrap_or_else(|| subgraph.label(None, "here")))
            .help(help)
    });
    reported.chain(left_out).collect()
}

fn help<Stage>(subgraph: &Subgraph<Stage>, kind: &str, text: &str) -> String {
    let named: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let name = named.first().copied().unwrap_or_default();
    match kind {
        "UndefinedDirective" => undefined_directive(subgraph, name.trim_start_matches('@')),
        "UndefinedDefinition" => {
            let types = subgraph.schema.types.iter().filter(|(_, ty)| !ty.is_built_in());
            let near = did_you_mean(Suggestions::On, name, types.map(|(name, _)| name.as_str()));
            format!("Define \"{name}\", or correct the name.{near}")
        }
        "UndefinedArgument" => format!("Remove \"{name}\", or correct the name."),
        "UndefinedEnumValue" | "UndefinedInputValue" => {
            format!("Remove \"{name}\", or take what \"{}\" has.", named.get(1).copied().unwrap_or_default())
        }
        "UniqueArgument" | "UniqueInputValue" | "UniqueDirective" => "Write it once.".to_owned(),
        "MissingInterfaceField" => {
            format!("Add the field \"{}\" to \"{name}\".", named.get(2).copied().unwrap_or_default())
        }
        "MissingInterfaceFieldArgument" => "Add the argument, with the interface's type.".to_owned(),
        "InvalidImplementationFieldType" | "InvalidImplementationFieldArgumentType" => {
            "Give it the interface's type; a field may also return a subtype of it.".to_owned()
        }
        "ExtraRequiredImplementationFieldArgument" => {
            "Make the argument nullable, or give it a default value.".to_owned()
        }
        "TransitiveImplementedInterfaces" => "Name the missing interface after `implements` too.".to_owned(),
        "RequiredArgument" | "RequiredField" => format!("Give a value for \"{name}\"."),
        "OutputType" => "Return a scalar, object, interface, union or enum; inputs are for arguments.".to_owned(),
        "InputType" => "Take a scalar, enum or input; the others are for results.".to_owned(),
        "RootOperationObjectType" => "Make the root an object type.".to_owned(),
        "DuplicateRootOperationType" => "Give each operation a root type of its own.".to_owned(),
        "UnionMemberObjectType" => "Name object types only.".to_owned(),
        "UnsupportedLocation" => "Remove the directive here, or put it where its definition allows.".to_owned(),
        "UnsupportedValueType" | "IntCoercionError" | "FloatCoercionError" => "Write a value of that type.".to_owned(),
        "RecursiveInputObjectDefinition" => "Make one field of the circle nullable, or a list.".to_owned(),
        "RecursiveInterfaceDefinition" | "RecursiveDirectiveDefinition" => "Break the circle.".to_owned(),
        "EmptyFieldSet" | "EmptyInputValueSet" => "Give it a field, or remove it.".to_owned(),
        "EmptyValueSet" => "Give it a value, or remove it.".to_owned(),
        "EmptyMemberSet" => "Give it a member, or remove it.".to_owned(),
        "ReservedName" => "Take a name that does not start with two underscores.".to_owned(),
        "DeeplyNestedType" | "RecursionError" | "RecursionLimitError" => "Nest less deeply.".to_owned(),
        _ => of_text(text),
    }
}

/// Errors of syntax, and of what stands twice, have no kind.
fn of_text(text: &str) -> String {
    let help = if text.contains("multiple") || text.contains("duplicate") {
        "Keep one of them."
    } else if text.contains("type extension") || text.starts_with("adding ") {
        "Extend a type as what it is defined as."
    } else if text.contains("must not contain") {
        "Keep type definitions only."
    } else {
        "Correct the syntax here."
    };
    help.to_owned()
}

fn undefined_directive<Stage>(subgraph: &Subgraph<Stage>, name: &str) -> String {
    let plain = name.rsplit_once("__").map_or(name, |(_, plain)| plain);
    let known = DEFINITIONS.iter().find(|definition| definition.name == plain);
    match (known, subgraph.generation) {
        (Some(known), Generation::One) => {
            format!("It is of federation 2: link federation v{} or later, and import \"@{plain}\".", known.since)
        }
        (Some(known), Generation::Two) if known.since > subgraph.federation => {
            format!("Link federation v{} or later: v{} does not have it yet.", known.since, subgraph.federation)
        }
        (Some(_), Generation::Two) => format!("Add \"@{plain}\" to the import of the link to federation."),
        (None, _) => {
            let defined = subgraph.schema.directive_definitions.keys().map(|name| name.as_str());
            let near = did_you_mean(Suggestions::On, name, defined);
            format!("Define \"@{name}\", or correct the name.{near}")
        }
    }
}
