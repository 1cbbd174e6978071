//! Parses each subgraph into valid GraphQL in which federation's own directives have canonical names.
//!
//! Order matters: links first (they say what directives are called), then the definitions that federation brings,
//! then GraphQL's own validation on the author's names, and canonical names last.

mod built_in_scalars;
mod canonical;
mod complete;
mod definitions;
mod documents;
mod known;
mod links;
mod roots;
mod specification_addresses;
mod unsupported;

use federation::link::{Link, Links};
use federation::subgraph::{Generation, Parsed, Subgraph, Validated};
use federation::vocabulary::{LATEST_FEDERATION, UPGRADED_FEDERATION};
use graphql::ast::Document;
use graphql::collections::{IndexMap, IndexSet};
use graphql::{Diagnostic, DiagnosticList, Label, Location, Parser, Schema};

use crate::input::{Options, SubgraphInput};
use crate::validate::Soundness;
use crate::{parallel, report};
use definitions::Redefined;
use known::Known;

/// What is wrong with some subgraphs, and those that federation's rules can still be asked of.
pub(crate) struct Failure {
    pub(crate) errors: Vec<Diagnostic>,
    pub(crate) readable: Vec<Subgraph<Parsed>>,
    pub(crate) soundness: Soundness,
}

/// Parses all subgraphs, in name order.
///
/// # Errors
/// All findings of all subgraphs, with the subgraphs whose own rules can still be checked.
pub(crate) fn parse(mut inputs: Vec<SubgraphInput>, options: &Options) -> Result<Vec<Subgraph<Parsed>>, Failure> {
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    let mut errors = names(&inputs);
    let mut parsed = Vec::with_capacity(inputs.len());
    let known = Known::default();
    for result in parallel::map(inputs, |input| parse_one(input, options, &known)) {
        match result {
            Ok((subgraph, found)) => {
                errors.extend(found);
                parsed.push(subgraph);
            }
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        return Ok(parsed);
    }
    // The rules hold of federation 1 schemas only after the upgrade.
    parsed.retain(|subgraph| subgraph.generation == Generation::Two);
    Err(Failure { errors, readable: parsed, soundness: Soundness::Doubtful })
}

/// Rejects names that no supergraph can tell apart.
fn names(inputs: &[SubgraphInput]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut seen = IndexSet::default();
    for input in inputs {
        let problem = match input.name.as_str() {
            "" => Some("A subgraph has no name".to_owned()),
            "_" => Some("Invalid name _ for a subgraph: it is reserved".to_owned()),
            name if !seen.insert(name) => Some(format!("The subgraph name \"{name}\" is used more than once")),
            _ => None,
        };
        let start = Location { line: 1, column: 1 };
        let label = Label { source: input.name.clone(), start, end: start, text: "this subgraph".to_owned() };
        errors.extend(problem.map(|message| {
            Diagnostic::error("INVALID_SUBGRAPH_NAME", message).label(label).help("Give each subgraph a unique name.")
        }));
    }
    errors
}

/// A subgraph that could be read, with what GraphQL says against it.
type Read = (Subgraph<Parsed>, Vec<Diagnostic>);

fn parse_one(input: SubgraphInput, options: &Options, known: &Known) -> Result<Read, Vec<Diagnostic>> {
    let mut subgraph = unread(input.name, input.url);
    let mut parser = Parser::new().recursion_limit(options.depth_max).token_limit(options.tokens_max);
    let mut document = parser
        .parse_ast(input.sdl, &subgraph.name)
        .map_err(|failure| report::invalid_syntax(&subgraph, &failure.errors))?;
    documents::join_schema_definitions(&mut document);
    subgraph.stage.defined = documents::defined(&document);
    built_in_scalars::stand_in(&mut document);
    let (schema, errors) = build(&document);
    subgraph.schema = schema;
    let redefined = documents::redefined_scalars(&subgraph, &document);
    // What follows changes the schema in place, which costs a copy of all that the document holds too.
    drop(document);
    if !redefined.is_empty() {
        return Err(redefined);
    }
    errors.map_or(Ok(()), |errors| Err(report::invalid_graphql(&subgraph, &errors)))?;

    let (links, faults) = Links::read(&subgraph.schema);
    if !faults.is_empty() {
        let fault = |f: &federation::link::LinkFault| {
            report::within(&subgraph, f.error.code(), f.location, f.error.to_string())
        };
        return Err(faults.iter().map(fault).collect());
    }
    if let Some(link) = links.federation() {
        subgraph.generation = Generation::Two;
        subgraph.federation = Link::version(link).min(LATEST_FEDERATION);
    }
    subgraph.links = links;
    let mut refused = links::check(&subgraph);
    refused.extend(unsupported::check(&subgraph));
    refused.extend(specification_addresses::check(&subgraph));
    if !refused.is_empty() {
        return Err(refused);
    }

    roots::adopt_query(&mut subgraph);
    let names = canonical::known_directives(&subgraph);
    complete::strip_machinery(&mut subgraph);
    let Redefined { directives: mut errors, types } = definitions::check(known, &subgraph, &names);
    let redefined = !errors.is_empty();
    for (name, error) in types {
        // Federation's own type takes its place, so that values of it are no errors too.
        subgraph.schema.types.shift_remove(&name);
        errors.push(error);
    }
    complete::complete(known, &mut subgraph, &names);
    if let Err(failure) = subgraph.schema.clone().validate() {
        errors.extend(report::invalid_graphql(&subgraph, &failure.errors));
    }
    built_in_scalars::drop_stand_ins(&mut subgraph);
    errors.extend(roots::check(&subgraph));
    if redefined {
        // What its author takes a directive for is no federation directive: the rules of these would say nothing true.
        return Err(errors);
    }
    complete::strip_machinery(&mut subgraph);
    complete::drop_added_query(&mut subgraph);
    canonical::canonicalise(&mut subgraph, &names);
    if errors.is_empty() {
        roots::rename(&mut subgraph);
    }
    Ok((subgraph, errors))
}

/// A subgraph as its text has it, roots by their default names, with whatever is wrong left out: to say where something
/// stands in it.
pub(crate) fn as_written(input: &SubgraphInput) -> Subgraph<Validated> {
    let mut subgraph = unread(input.name.clone(), input.url.clone());
    let options = Options::default();
    let mut parser = Parser::new().recursion_limit(options.depth_max).token_limit(options.tokens_max);
    let mut document = match parser.parse_ast(&input.sdl, &subgraph.name) {
        Ok(document) => document,
        Err(failure) => failure.partial,
    };
    documents::join_schema_definitions(&mut document);
    (subgraph.schema, _) = build(&document);
    roots::rename(&mut subgraph);
    subgraph.with_stage(Validated { defined: IndexSet::default(), types: IndexMap::default() })
}

/// A subgraph of which nothing is known yet.
fn unread(name: String, url: String) -> Subgraph<Parsed> {
    Subgraph {
        name,
        url,
        schema: Schema::new(),
        links: Links::default(),
        generation: Generation::One,
        federation: UPGRADED_FEDERATION,
        local_names: IndexMap::default(),
        stage: Parsed::default(),
    }
}

fn build(document: &Document) -> (Schema, Option<DiagnosticList>) {
    let builder = Schema::builder().adopt_orphan_extensions().ignore_builtin_redefinitions().add_ast(document);
    match builder.build() {
        Ok(schema) => (schema, None),
        Err(failure) => (failure.partial, Some(failure.errors)),
    }
}
