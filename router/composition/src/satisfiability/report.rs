//! Says what a walk found: the query that shows it, why each subgraph can't, and where that stands in the subgraphs.

use federation::subgraph::{Composite, Subgraph, Validated};
use federation::{FieldId, SubgraphId, TypeId, TypeSet};
use graphql::{Diagnostic, Label, Schema, Severity};

use super::prover::Prover;
use super::reasons::Reason;
use super::runtime_types::Sharing;
use super::walk::{Failure, Step, Unproved, Walk};
use super::witness;
use crate::report::names;

/// The finding that the budget is spent.
pub(super) fn exceeded(paths_max: usize) -> Diagnostic {
    let message = format!(
        "Satisfiability was given up: more than {paths_max} ways through subgraphs, conditions nested too deeply, or a field with too many override labels would have to be looked at"
    );
    Diagnostic::error("MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED", message)
        .help("Share fewer types between subgraphs, give them keys, or raise the limit.")
}

/// Makes findings of failures.
pub(super) struct Reporter<'r, 'a> {
    prover: &'r mut Prover<'a>,
    subgraphs: &'r [Subgraph<Validated>],
    /// What clients see: queries are written against it.
    api: &'r Schema,
}

impl<'r, 'a> Reporter<'r, 'a> {
    pub(super) fn new(prover: &'r mut Prover<'a>, subgraphs: &'r [Subgraph<Validated>], api: &'r Schema) -> Self {
        Self { prover, subgraphs, api }
    }

    /// The findings of a walk, in the order found.
    pub(super) fn report(&mut self, walk: &Walk) -> Vec<Diagnostic> {
        walk.failures.iter().map(|failure| self.finding(walk, failure)).collect()
    }

    fn finding(&mut self, walk: &Walk, failure: &Failure) -> Diagnostic {
        let path = walk.path(failure.at);
        match &failure.what {
            Unproved::Field(field, decided) => {
                let reasons = walk
                    .position(failure.at)
                    .map(|position| self.prover.reasons(position, *field, decided))
                    .unwrap_or_default();
                let message = format!("{}\n{}", self.unanswered(&path, Some(*field)), lines(&reasons));
                let help = "Give the type a resolvable @key in the subgraph that resolves the field, resolve the key's fields where the path comes from, or make the field @shareable and resolve it there.";
                self.labelled("SATISFIABILITY_ERROR", message, &reasons).help(help)
            }
            Unproved::Type => {
                let position = walk.position(failure.at);
                let reasons = position.map(|position| self.prover.reasons_of_type(position)).unwrap_or_default();
                let message = format!("{}\n{}", self.unanswered(&path, None), lines(&reasons));
                let help = "Give the interface a resolvable @key in a subgraph that knows its implementations.";
                self.labelled("SATISFIABILITY_ERROR", message, &reasons).help(help)
            }
            Unproved::Unimplemented => self.unimplemented(walk, failure.at, &path),
            Unproved::Sharing(field, sharing) => self.sharing(&path, *field, sharing),
            Unproved::Mutation(field, attempts) => self.mutation(&path, *field, attempts),
        }
    }

    fn unimplemented(&mut self, walk: &Walk, at: usize, path: &[Step]) -> Diagnostic {
        let supergraph = self.prover.supergraph;
        let interface = path.last().map(|step| supergraph.ty(step.object).name.as_str()).unwrap_or_default();
        let message = format!(
            "No object implements \"{interface}\", so that the subgraphs can answer this query for its fields, but not for its __typename:\n{}",
            self.query(path, None)
        );
        let reasons = walk.position(at).map(|position| self.prover.reasons_of_type(position)).unwrap_or_default();
        let mut finding = self.labelled("INTERFACE_OBJECT_NOT_IMPLEMENTED", message, &reasons);
        finding.severity = Severity::Warning;
        finding.help("Let an object of some subgraph implement the interface.")
    }

    fn unanswered(&self, path: &[Step], last: Option<FieldId>) -> String {
        format!("The subgraphs can't answer this query:\n{}", self.query(path, last))
    }

    fn query(&self, path: &[Step], last: Option<FieldId>) -> String {
        witness::query(self.api, self.prover.supergraph, path, last)
    }

    fn sharing(&mut self, path: &[Step], field: FieldId, sharing: &Sharing) -> Diagnostic {
        let supergraph = self.prover.supergraph;
        let definition = supergraph.field(field);
        let coordinate = format!("{}.{}", supergraph.ty(definition.parent).name, definition.name);
        let type_name = &supergraph.ty(definition.ty.named()).name;
        let (code, severity, so, by_subgraph) = match sharing {
            Sharing::Disjoint(by_subgraph) => {
                let code = "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES";
                (code, Severity::Error, "there is no object that all of them may give", by_subgraph)
            }
            Sharing::Partial(by_subgraph) => {
                let code = "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN";
                (code, Severity::Warning, "they must give only objects that all of them know", by_subgraph)
            }
        };
        let listed: Vec<String> = by_subgraph
            .iter()
            .map(|(subgraph, types)| {
                let name = &supergraph.subgraph(*subgraph).name;
                format!("- subgraph \"{name}\" may give {}", self.type_names(types))
            })
            .collect();
        let message = format!(
            "Subgraphs that share \"{coordinate}\" know different objects as its type \"{type_name}\": {so}, since any of them may be asked in\n{}\n{}",
            self.query(path, Some(field)),
            listed.join("\n")
        );
        let mut diagnostic = Diagnostic::new(code, severity, message);
        for (subgraph, _) in by_subgraph {
            let about = (definition.parent, Some(field));
            diagnostic.labels.extend(self.label(*subgraph, about, "shared here"));
        }
        diagnostic.help(format!("Make \"{type_name}\" the same objects in each of these subgraphs."))
    }

    fn mutation(&mut self, path: &[Step], field: FieldId, attempts: &[(SubgraphId, Walk)]) -> Diagnostic {
        let supergraph = self.prover.supergraph;
        let name = &supergraph.field(field).name;
        let mut message = format!(
            "{}\nOnly one of the subgraphs that share the mutation \"{name}\" runs it, and none of them leads to everything below:",
            self.unanswered(path, Some(field))
        );
        let mut labels = Vec::new();
        for (subgraph, attempt) in attempts {
            let subgraph_name = &supergraph.subgraph(*subgraph).name;
            let about = supergraph.mutation.map(|root| (root, Some(field)));
            labels.extend(about.and_then(|about| self.label(*subgraph, about, "shared here")));
            message.push_str(&format!("\n- run in subgraph \"{subgraph_name}\":"));
            for failure in &attempt.failures {
                if matches!(failure.what, Unproved::Sharing(..) | Unproved::Unimplemented) {
                    continue;
                }
                let inner = self.finding(attempt, failure);
                for line in inner.message.lines() {
                    message.push_str("\n  ");
                    message.push_str(line);
                }
            }
        }
        let mut diagnostic = Diagnostic::error("SATISFIABILITY_ERROR", message);
        diagnostic.labels = labels;
        diagnostic.help("Let one subgraph alone resolve the mutation, or let it reach the others by keys.")
    }

    fn labelled(&self, code: &'static str, message: String, reasons: &[Reason]) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(code, message);
        diagnostic.labels =
            reasons.iter().filter_map(|reason| self.label(reason.subgraph, reason.about, reason.label)).collect();
        diagnostic
    }

    /// A label on a field of a subgraph, or on its type where it lacks the field.
    fn label(&self, id: SubgraphId, (ty, field): (TypeId, Option<FieldId>), text: &str) -> Option<Label> {
        let supergraph = self.prover.supergraph;
        let name = &supergraph.subgraph(id).name;
        let subgraph = self.subgraphs.iter().find(|subgraph| subgraph.name == *name)?;
        let found = subgraph.schema.types.get(&supergraph.ty(ty).name)?;
        let location = match field {
            None => found.name().location(),
            Some(field) => {
                let fields = Composite::of(found)?.fields;
                fields.get(&supergraph.field(field).name)?.location()
            }
        };
        location.map(|location| subgraph.label(Some(location), text))
    }

    fn type_names(&self, types: &TypeSet) -> String {
        if types.is_empty() {
            return "none".to_owned();
        }
        names(types.iter().map(|ty| self.prover.supergraph.ty(ty).name.as_str()))
    }
}

fn lines(reasons: &[Reason]) -> String {
    reasons.iter().map(|reason| format!("- {}", reason.text)).collect::<Vec<_>>().join("\n")
}
