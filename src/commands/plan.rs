//! `supergraph plan`: how an operation would be answered, without anything running.

mod proof;
mod variables;

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use federation::{LabelId, LabelSet, Supergraph};
use graphql::{ExecutableDocument, OperationLimits, RequestError, Suggestions, Valid, json};
use planner::{Asked, Budget, Decided, Deferral, OperationNames, QueryPlan};

use super::supergraph_file;
use crate::console;
use crate::failure::Failure;

/// Arguments of `supergraph plan`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The supergraph schema, as `supergraph compose` writes it
    #[arg(long, value_name = "FILE")]
    supergraph: PathBuf,
    /// The operation, if the document has several
    #[arg(long, value_name = "NAME")]
    operation_name: Option<String>,
    /// Values of variables as a JSON object: those in @skip, @include and @defer decide on the plan
    #[arg(long, value_name = "JSON", default_value = "{}")]
    variables: String,
    /// A label of a progressive override that is in force; may be given more than once
    #[arg(long, value_name = "LABEL")]
    override_label: Vec<String>,
    /// How the operations are called that subgraphs are sent: `subgraphs.operation_names` of the configuration
    #[arg(long, value_name = "NAMES", default_value = "full")]
    subgraph_operation_names: Names,
    /// How the plan is shown
    #[arg(long, default_value = "text")]
    format: Format,
    /// The document; - reads it from stdin
    #[arg(value_name = "FILE")]
    document: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For a terminal: a paragraph a step
    Text,
    /// For programs
    Json,
    /// A flowchart for Markdown
    Mermaid,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Names {
    /// Operation__subgraph__0
    Full,
    /// As the operation
    Client,
    /// Not at all
    None,
}

/// Plans and prints.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let sdl = supergraph_file::text(&arguments.supergraph)?;
    let supergraph = supergraph_file::load(&arguments.supergraph, &sdl)?;
    let place = arguments.document.display().to_string();
    let text = read_document(&arguments.document)?;
    let refused = |errors: Vec<RequestError>| Failure::Refused(report(&place, &errors));
    let schema = graphql::with_defer(&supergraph.api_schema);
    let document =
        graphql::parse_operation(&schema, &text, &OperationLimits::default(), Suggestions::On).map_err(refused)?;
    let plan = plan(arguments, (&supergraph, &sdl), &document)?;
    console::print(&match arguments.format {
        Format::Text => planner::print(&plan, &supergraph),
        Format::Mermaid => planner::print_mermaid(&plan, &supergraph),
        Format::Json => {
            let mut bytes = Vec::new();
            json::write(&planner::print_json(&plan, &supergraph), &mut bytes);
            format!("{}\n", String::from_utf8_lossy(&bytes))
        }
    })
}

fn plan(
    arguments: &Arguments,
    (supergraph, sdl): (&Supergraph, &str),
    document: &Valid<ExecutableDocument>,
) -> Result<QueryPlan, Failure> {
    let place = arguments.document.display();
    let name = arguments.operation_name.as_deref();
    let operation = graphql::select_operation(document, name).map_err(|error| {
        let message = error.message.trim_end_matches('.');
        Failure::Refused(format!("{place}: error[{}]: {message}; choose one with --operation-name", error.code))
    })?;
    let given = variables::parse(&arguments.variables)?;
    let wrong = variables::undecided(document, operation, &given);
    if !wrong.is_empty() {
        let lines: Vec<String> = wrong.iter().map(|wrong| format!("{place}: {wrong}")).collect();
        return Err(Failure::Refused(lines.join("\n")));
    }
    let value = |name: &str| match given.get(name) {
        Some(json::Value::Bool(value)) => Some(*value),
        Some(_) => None,
        None => operation.variables.iter().find(|variable| variable.name == name)?.default_value.as_ref()?.to_bool(),
    };
    let labels = labels(supergraph, &arguments.override_label)?;
    let decided = Decided { conditions: &value, labels: &labels, deferral: Deferral::On };
    let mut plan = planner::plan(supergraph, document, name, decided, &Budget::default())
        .map_err(|error| Failure::Refused(format!("{place}: error[{}]: {error}", error.code())))?;
    let names = match arguments.subgraph_operation_names {
        Names::Full => OperationNames::Full,
        Names::Client => OperationNames::Client,
        Names::None => OperationNames::None,
    };
    let client = operation.name.as_ref().map(|name| name.as_str());
    planner::name_operations(&mut plan, supergraph, client, &|_| names);
    let asked = Asked { document, operation_name: name, decided };
    proof::findings(&plan, (supergraph, sdl), asked).iter().for_each(|told| console::tell(told));
    Ok(plan)
}

fn read_document(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        return read.map(|_| text).map_err(|error| Failure::environment(format!("cannot read stdin: {error}")));
    }
    std::fs::read_to_string(path)
        .map_err(|error| Failure::path("read the document", path, &error, "name a file with a GraphQL operation"))
}

/// A label that no field of the supergraph has could only be a slip.
fn labels(supergraph: &Supergraph, wanted: &[String]) -> Result<LabelSet, Failure> {
    let wanted: BTreeSet<&str> = wanted.iter().map(String::as_str).collect();
    let known = &supergraph.override_labels;
    if let Some(unknown) = wanted.iter().find(|label| !known.iter().any(|known| known == *label)) {
        let known = if known.is_empty() { "there are none".to_owned() } else { format!("only {}", known.join(", ")) };
        return Err(Failure::Refused(format!("no override of the supergraph has the label {unknown}; {known}")));
    }
    let ids = known.iter().enumerate().filter(|(_, label)| wanted.contains(label.as_str()));
    Ok(ids.filter_map(|(id, _)| u32::try_from(id).ok().map(LabelId)).collect())
}

/// One line an error, with the place in the document.
fn report(place: &str, errors: &[RequestError]) -> String {
    let lines = errors.iter().map(|error| {
        let at = error.locations.first().map(|at| format!(":{}:{}", at.line, at.column)).unwrap_or_default();
        format!("{place}{at}: error[{}]: {}", error.code, error.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}
