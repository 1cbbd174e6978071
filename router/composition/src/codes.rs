//! Every code that composition reports: what it means, and how to mend what it is about.
//!
//! Codes and their causes are those of the federation ecosystem, so that what people know of one stays true. The list is
//! closed: a finding with another code fails the tests, and so does a code without a case.

mod finished;
mod hints;
mod merge;
mod subgraph;

/// One code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code itself, such as `INVALID_FIELD_SHARING`.
    pub name: &'static str,
    /// What it says of the subgraphs.
    pub meaning: &'static str,
    /// What to do about it, where a finding knows nothing more particular.
    pub mend: &'static str,
}

/// Codes that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Which, as a heading.
    pub title: &'static str,
    /// The codes, in the order in which they are explained.
    pub codes: &'static [Code],
}

/// All codes, errors before hints, in the order of the stages that report them.
pub const GROUPS: &[Group] = &[
    Group { title: "Links and versions", codes: subgraph::LINKS },
    Group { title: "GraphQL, names and roots", codes: subgraph::GRAPHQL },
    Group { title: "Keys, requirements and what is external", codes: subgraph::FIELD_SETS },
    Group { title: "Contexts", codes: subgraph::CONTEXTS },
    Group { title: "Access, cost and list sizes", codes: subgraph::ACCESS_AND_COST },
    Group { title: "Types and fields of several subgraphs", codes: merge::TYPES },
    Group { title: "Interfaces and interface objects", codes: merge::INTERFACES },
    Group { title: "Overrides", codes: merge::OVERRIDES },
    Group { title: "Directives of several subgraphs", codes: merge::DIRECTIVES },
    Group { title: "What is inaccessible", codes: finished::INACCESSIBLE },
    Group { title: "What the whole can't answer", codes: finished::SATISFIABILITY },
    Group { title: "Hints", codes: hints::HINTS },
];

/// What to do about a finding with a code.
pub(crate) fn mend(code: &str) -> Option<&'static str> {
    GROUPS.iter().flat_map(|group| group.codes).find(|known| known.name == code).map(|known| known.mend)
}

/// A row of the list.
const fn code(name: &'static str, meaning: &'static str, mend: &'static str) -> Code {
    Code { name, meaning, mend }
}
