//! Labels of progressive overrides that a path has decided: each is either in force or not, for the whole request.

use std::rc::Rc;

use federation::{FieldId, LabelId, LabelSet, Supergraph};

/// Labels of one field that are taken apart into both cases each; the cases double with every label. A field has one
/// label for each subgraph that is overriding another right now.
const UNDECIDED_MAX: usize = 8;

/// What a path has decided, by label.
pub(super) type Decided = Rc<[(LabelId, bool)]>;

/// Whether everything that the first path decided was decided in the same way by the second.
pub(super) fn is_subset(first: &Decided, second: &Decided) -> bool {
    Rc::ptr_eq(first, second) || first.iter().all(|decision| second.contains(decision))
}

/// The labels in force.
pub(super) fn in_force(decided: &Decided) -> LabelSet {
    decided.iter().filter(|(_, on)| *on).map(|(label, _)| *label).collect()
}

/// The cases that a field has to hold in: each of its labels that the path has not decided, in force and not.
pub(super) fn cases(supergraph: &Supergraph, decided: &Decided, field: FieldId) -> Vec<Decided> {
    if supergraph.override_labels.is_empty() {
        return vec![Rc::clone(decided)];
    }
    let mut labels: Vec<LabelId> = supergraph
        .graph
        .resolvers(field)
        .iter()
        .filter_map(|resolver| supergraph.join_of(resolver)?.override_label)
        .filter(|label| !decided.iter().any(|(known, _)| known == label))
        .collect();
    labels.sort_unstable();
    labels.dedup();
    labels.truncate(UNDECIDED_MAX);
    let mut cases = vec![Rc::clone(decided)];
    for label in labels {
        cases = cases.iter().flat_map(|case| [with(case, label, false), with(case, label, true)]).collect();
    }
    cases
}

fn with(decided: &Decided, label: LabelId, on: bool) -> Decided {
    let mut all: Vec<(LabelId, bool)> = decided.iter().copied().chain(std::iter::once((label, on))).collect();
    all.sort_unstable();
    all.into()
}
