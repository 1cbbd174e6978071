//! Values of the enum `join__Graph`: a name for each subgraph that GraphQL accepts and no other subgraph has.

use federation::subgraph::{Subgraph, Validated};
use graphql::Name;
use graphql::collections::IndexMap;

use super::context::Findings;

/// The enum values, by subgraph.
pub(crate) fn values(subgraphs: &[Subgraph<Validated>]) -> Vec<Name> {
    let plain: Vec<String> = subgraphs.iter().map(|subgraph| value(&subgraph.name)).collect();
    let mut counts: IndexMap<&str, usize> = IndexMap::default();
    for name in &plain {
        *counts.entry(name).or_default() += 1;
    }
    let mut numbers: IndexMap<&str, usize> = IndexMap::default();
    let mut values = Vec::with_capacity(plain.len());
    for name in &plain {
        let text = if counts.get(name.as_str()).is_some_and(|count| *count > 1) {
            let number = numbers.entry(name).or_default();
            *number += 1;
            format!("{name}_{number}")
        } else {
            name.clone()
        };
        values.push(Name::new(&text).unwrap_or_else(|_| Name::new_unchecked("_")));
    }
    values
}

/// A subgraph whose name is nothing but underscores and the like has no enum value that GraphQL accepts.
pub(crate) fn check(subgraphs: &[Subgraph<Validated>], values: &[Name], findings: &mut Findings) {
    for (subgraph, value) in subgraphs.iter().zip(values).filter(|(_, value)| value.starts_with("__")) {
        let message = format!(
            "The subgraph name \"{}\" becomes \"{value}\" in the supergraph, where names that start with two underscores are reserved",
            subgraph.name
        );
        let labels = vec![subgraph.label(None, "this subgraph")];
        findings.error("INVALID_GRAPHQL", message, labels, "Give the subgraph a name that starts with a letter.");
    }
}

/// Non-word characters become `_`, a leading digit gets one before it, and a trailing `_1` one after it, so that
/// numbered clashes can't meet a name that somebody chose.
fn value(name: &str) -> String {
    let mut text: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_ascii_uppercase() } else { '_' })
        .collect();
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        text.insert(0, '_');
    }
    let numbered = text
        .rsplit_once('_')
        .is_some_and(|(_, digits)| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()));
    if numbered {
        text.push('_');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn turns_any_name_into_an_enum_value() {
        assert_eq!(value("products"), "PRODUCTS");
        assert_eq!(value("all-products"), "ALL_PRODUCTS");
        assert_eq!(value("x_1"), "X_1_");
        assert_eq!(value("1st"), "_1ST");
        assert_eq!(value("é"), "_");
    }
}
