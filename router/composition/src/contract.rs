//! Contracts: a supergraph for one audience, which sees only what its tags let through.
//!
//! A contract is the same supergraph with more elements `@inaccessible`, so it runs on the same subgraphs and hides by
//! the same rules as any other supergraph. The rules are the published ones of tags and contracts: an excluded tag hides
//! what it stands on; with included tags, fields and unions without one are hidden too; then what is left empty, and if
//! asked for, types that no query can reach.

mod empty;
mod hidden;
mod tags;
mod unknown_tags;
mod unreachable;
mod write;

use graphql::{Diagnostic, SchemaLimits};

use crate::finish::inaccessible;
use crate::input::{Composed, SubgraphInput};
use crate::{parse, report};
use hidden::Hidden;

/// What an audience may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contract {
    /// Fields and unions need one of these tags, unless there is none here.
    pub include: Vec<String>,
    /// Elements with one of these tags are hidden, also when they have an included one.
    pub exclude: Vec<String>,
    /// What becomes of types that no query can reach.
    pub unreachable: Unreachable,
}

/// What becomes of types that no query can reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unreachable {
    /// They stay in the API.
    #[default]
    Keep,
    /// They are hidden, unless an included tag stands on them.
    Hide,
}

/// Applies a contract to a supergraph; the result is a supergraph too, deterministic to the byte.
///
/// Labels of findings point into the subgraphs, where somebody has their texts, and else into the supergraph's text under
/// the name `place`.
///
/// # Errors
/// `INVALID_GRAPHQL` for a text that is no schema; the codes of `@inaccessible` where something visible leans on
/// something hidden.
pub fn contract(
    supergraph_sdl: &str,
    place: &str,
    contract: &Contract,
    subgraphs: &[SubgraphInput],
) -> Result<Composed, Vec<Diagnostic>> {
    let mut schema = graphql::parse_schema(place, supergraph_sdl, &SchemaLimits::default())?.into_inner();

    let mut hidden = Hidden::of(&schema);
    let hints = unknown_tags::hints(&schema, contract, &hidden).into_iter().map(report::with_help).collect();
    tags::hide(&schema, contract, &mut hidden);
    empty::hide(&schema, &mut hidden);
    if contract.unreachable == Unreachable::Hide {
        unreachable::hide(&schema, contract, &mut hidden);
    }
    write::mark(&mut schema, &hidden);

    let schema = schema.validate().map_err(|found| graphql::diagnostics(&found.errors, "INVALID_GRAPHQL"))?;
    if inaccessible::check(&schema, &[]).is_empty() {
        return Ok(Composed { supergraph_sdl: schema.to_string(), hints });
    }
    let written: Vec<_> = subgraphs.iter().map(parse::as_written).collect();
    Err(inaccessible::check(&schema, &written).into_iter().chain(hints).collect())
}
