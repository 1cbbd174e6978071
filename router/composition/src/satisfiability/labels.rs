//! Labels of progressive overrides that a path has decided: each is either in force or not, for the whole request.

use std::collections::BTreeSet;
use std::rc::Rc;

use federation::{FieldId, LabelId, LabelSet, Supergraph, TypeId};
use rustc_hash::FxHashMap;

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

/// The cases that a field has to hold in: each of its labels that the path has not decided, in force and not; `None` for
/// too many.
pub(super) fn cases(supergraph: &Supergraph, decided: &Decided, field: FieldId) -> Option<Vec<Decided>> {
    if supergraph.override_labels.is_empty() {
        return Some(vec![Rc::clone(decided)]);
    }
    let labels: BTreeSet<LabelId> =
        of_field(supergraph, field).filter(|label| !decided.iter().any(|(known, _)| known == label)).collect();
    if labels.len() > UNDECIDED_MAX {
        return None;
    }
    let mut cases = vec![Rc::clone(decided)];
    for label in labels {
        cases = cases.iter().flat_map(|case| [with(case, label, false), with(case, label, true)]).collect();
    }
    Some(cases)
}

fn of_field(supergraph: &Supergraph, field: FieldId) -> impl Iterator<Item = LabelId> {
    supergraph.graph.resolvers(field).iter().filter_map(|resolver| supergraph.join_of(resolver)?.override_label)
}

fn with(decided: &Decided, label: LabelId, on: bool) -> Decided {
    let mut all: Vec<(LabelId, bool)> = decided.iter().copied().chain(std::iter::once((label, on))).collect();
    all.sort_unstable();
    all.into()
}

/// By type, the labels of fields that can be asked for at its objects or below them. What a path has decided about any
/// other label decides nothing there, so that states need not be told apart by it.
#[derive(Default)]
pub(super) struct Below(FxHashMap<TypeId, BTreeSet<LabelId>>);

impl Below {
    pub(super) fn of(supergraph: &Supergraph) -> Self {
        let mut below = Self::default();
        if supergraph.override_labels.is_empty() {
            return below;
        }
        let mut leading: FxHashMap<TypeId, Vec<TypeId>> = FxHashMap::default();
        let mut labelled: Vec<(TypeId, LabelId)> = Vec::new();
        for (ty, definition) in (0..).map(TypeId).zip(&supergraph.types) {
            definition.possible_types.iter().for_each(|object| leading.entry(object).or_default().push(ty));
            for &field in definition.fields.values() {
                leading.entry(supergraph.field(field).ty.named()).or_default().push(ty);
                labelled.extend(of_field(supergraph, field).map(|label| (ty, label)));
            }
        }
        // From where a label stands to everything that leads there.
        while let Some((ty, label)) = labelled.pop() {
            if below.0.entry(ty).or_default().insert(label) {
                labelled.extend(leading.get(&ty).into_iter().flatten().map(|&from| (from, label)));
            }
        }
        below
    }

    /// What is decided about labels that matter at a type or below it.
    pub(super) fn keep(&self, ty: TypeId, decided: &Decided) -> Decided {
        let matters = |label: &LabelId| self.0.get(&ty).is_some_and(|labels| labels.contains(label));
        if decided.iter().all(|(label, _)| matters(label)) {
            return Rc::clone(decided);
        }
        decided.iter().filter(|(label, _)| matters(label)).copied().collect()
    }
}
