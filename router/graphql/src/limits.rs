//! What an operation may ask for at most, counted before it is validated.
//!
//! Fragments count wherever they are spread, as if written out; each is nevertheless looked at once, so the
//! work is linear in the text however large the counts are. Counters saturate.

use apollo_compiler::ast::{Definition, Document, FragmentDefinition, Selection};
use apollo_compiler::collections::HashMap;
use apollo_compiler::{Name, Node};

use crate::location::location;
use crate::request::{RequestError, code};

/// The limits. [`Default`] gives what suits most APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationLimits {
    /// Lexical tokens of the document.
    pub tokens_max: usize,
    /// Nested fields.
    pub depth_max: usize,
    /// Aliased fields.
    pub aliases_max: usize,
    /// Fields at the root.
    pub root_fields_max: usize,
    /// Fields altogether.
    pub selections_max: usize,
}

impl Default for OperationLimits {
    fn default() -> Self {
        Self { tokens_max: 15_000, depth_max: 50, aliases_max: 200, root_fields_max: 100, selections_max: 20_000 }
    }
}

/// Selection sets and fragments within each other that are followed at all: bounds the stack, whatever the limits.
const NESTING_MAX: usize = 400;
/// Introspection lists of lists below one field: each level multiplies the answer by the schema's size.
const INTROSPECTION_LISTS_MAX: usize = 2;

/// What a selection set asks for, fragments written out.
#[derive(Clone, Copy, Default)]
struct Counts {
    depth: usize,
    aliases: usize,
    root_fields: usize,
    selections: usize,
    introspection_lists: usize,
    introspection_lists_max: usize,
}

/// Checks every operation of a document.
///
/// # Errors
/// The first limit that an operation goes beyond.
pub fn check_operations(document: &Document, limits: &OperationLimits) -> Result<(), RequestError> {
    let fragments = document
        .definitions
        .iter()
        .filter_map(|definition| match definition {
            Definition::FragmentDefinition(fragment) => Some((fragment.name.clone(), fragment)),
            _ => None,
        })
        .collect();
    let mut counter = Counter { fragments, counted: HashMap::default() };
    for definition in &document.definitions {
        let Definition::OperationDefinition(operation) = definition else { continue };
        let counts = counter
            .selection_set(&operation.selection_set, 0)
            .ok_or_else(|| too_deep(limits.depth_max))
            .and_then(|counts| within(counts, limits).map(|()| counts));
        counts.map_err(|error| error.at(operation.location().and_then(|span| location(span, &document.sources))))?;
    }
    Ok(())
}

fn too_deep(depth_max: usize) -> RequestError {
    RequestError::new(code::MAX_DEPTH_LIMIT, format!("The operation is nested too deeply; the limit is {depth_max}."))
}

fn within(counts: Counts, limits: &OperationLimits) -> Result<(), RequestError> {
    let beyond = |code, what: &str, limit: usize| {
        Err(RequestError::new(code, format!("The operation has too many {what}; the limit is {limit}.")))
    };
    if counts.depth > limits.depth_max {
        Err(too_deep(limits.depth_max))
    } else if counts.aliases > limits.aliases_max {
        beyond(code::MAX_ALIASES_LIMIT, "aliases", limits.aliases_max)
    } else if counts.root_fields > limits.root_fields_max {
        beyond(code::MAX_ROOT_FIELDS_LIMIT, "fields at the root", limits.root_fields_max)
    } else if counts.selections > limits.selections_max {
        beyond(code::MAX_SELECTIONS_LIMIT, "fields", limits.selections_max)
    } else if counts.introspection_lists_max > INTROSPECTION_LISTS_MAX {
        Err(RequestError::new(
            code::MAX_INTROSPECTION_DEPTH_LIMIT,
            "Introspection nests lists of fields or types too deeply.",
        ))
    } else {
        Ok(())
    }
}

struct Counter<'a> {
    fragments: HashMap<Name, &'a Node<FragmentDefinition>>,
    /// `None` while the fragment is being counted: a cycle, which validation reports.
    counted: HashMap<Name, Option<Counts>>,
}

impl Counter<'_> {
    /// `None` if nested beyond [`NESTING_MAX`].
    fn selection_set(&mut self, selections: &[Selection], nesting: usize) -> Option<Counts> {
        if nesting > NESTING_MAX {
            return None;
        }
        let mut counts = Counts::default();
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    let below = self.selection_set(&field.selection_set, nesting + 1)?;
                    counts.add_field(&field.name, usize::from(field.alias.is_some()), below);
                }
                Selection::InlineFragment(inline) => {
                    let inline = self.selection_set(&inline.selection_set, nesting + 1)?;
                    counts.add_fragment(inline);
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = self.fragment(&spread.fragment_name, nesting)?;
                    counts.add_fragment(fragment);
                }
            }
        }
        Some(counts)
    }

    fn fragment(&mut self, name: &Name, nesting: usize) -> Option<Counts> {
        if let Some(known) = self.counted.get(name) {
            return Some(known.unwrap_or_default());
        }
        let Some(fragment) = self.fragments.get(name).copied() else { return Some(Counts::default()) };
        self.counted.insert(name.clone(), None);
        let counts = self.selection_set(&fragment.selection_set, nesting + 1)?;
        self.counted.insert(name.clone(), Some(counts));
        Some(counts)
    }
}

impl Counts {
    fn add_field(&mut self, name: &str, alias: usize, below: Self) {
        self.depth = self.depth.max(below.depth.saturating_add(1));
        self.aliases = self.aliases.saturating_add(alias).saturating_add(below.aliases);
        self.root_fields = self.root_fields.saturating_add(1);
        self.selections = self.selections.saturating_add(1).saturating_add(below.selections);
        let multiplies = matches!(name, "fields" | "interfaces" | "possibleTypes" | "inputFields");
        let lists = below.introspection_lists.saturating_add(usize::from(multiplies));
        self.introspection_lists = self.introspection_lists.max(lists);
        let entered = if matches!(name, "__schema" | "__type") { below.introspection_lists } else { 0 };
        self.introspection_lists_max = self.introspection_lists_max.max(entered).max(below.introspection_lists_max);
    }

    fn add_fragment(&mut self, fragment: Self) {
        self.depth = self.depth.max(fragment.depth);
        self.aliases = self.aliases.saturating_add(fragment.aliases);
        self.root_fields = self.root_fields.saturating_add(fragment.root_fields);
        self.selections = self.selections.saturating_add(fragment.selections);
        self.introspection_lists = self.introspection_lists.max(fragment.introspection_lists);
        self.introspection_lists_max = self.introspection_lists_max.max(fragment.introspection_lists_max);
    }
}
