//! The subgraphs: the values of the enum `join__Graph`, in the order of their names.

use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Name, Schema};
use indexmap::IndexMap;

use super::INVALID;
use super::arguments::string;
use super::features::Features;
use crate::SubgraphId;
use crate::supergraph::SubgraphInfo;

/// The subgraphs, and their ids by enum value.
type Loaded = (Vec<SubgraphInfo>, IndexMap<Name, SubgraphId>);

/// Reads the subgraphs.
pub fn load(schema: &Schema, features: &Features) -> Result<Loaded, Vec<Diagnostic>> {
    let enum_name = features.type_name("join", "Graph").unwrap_or_default();
    let Some(ExtendedType::Enum(graphs)) = schema.types.get(enum_name.as_str()) else {
        return Err(vec![Diagnostic::error(INVALID, format!("the supergraph has no enum {enum_name}"))]);
    };
    let directive_name = features.directive("join", "graph").unwrap_or_default();
    let mut subgraphs = Vec::new();
    let mut findings = Vec::new();
    for value in graphs.values.values() {
        match value.directives.0.iter().find(|directive| directive.name == directive_name.as_str()) {
            Some(directive) => subgraphs.push(SubgraphInfo {
                name: string(directive, "name").unwrap_or(value.value.as_str()).to_owned(),
                graph: value.value.clone(),
                url: string(directive, "url").unwrap_or_default().to_owned(),
            }),
            None => {
                let message = format!("{enum_name}.{} has no @{directive_name}", value.value);
                findings.push(Diagnostic::error(INVALID, message));
            }
        }
    }
    if subgraphs.len() > usize::from(u16::MAX) {
        findings.push(Diagnostic::error(INVALID, "the supergraph has more than 65,535 subgraphs"));
    }
    subgraphs.sort_by(|a, b| a.name.cmp(&b.name));
    for same in subgraphs.chunk_by(|a, b| a.name == b.name).filter(|same| same.len() > 1) {
        let graphs: Vec<&str> = same.iter().map(|info| info.graph.as_str()).collect();
        let name = same.first().map(|info| info.name.as_str()).unwrap_or_default();
        let message = format!("{enum_name} has more than one subgraph named {name:?}: {}", graphs.join(", "));
        findings.push(Diagnostic::error(INVALID, message));
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let ids = subgraphs.iter().enumerate().map(|(i, info)| (info.graph.clone(), SubgraphId(i as u16))).collect();
    Ok((subgraphs, ids))
}
