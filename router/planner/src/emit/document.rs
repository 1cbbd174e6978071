//! The document of a fetch, and what of its answer goes where.

mod fold;
mod names;
mod writer;

use std::collections::BTreeSet;

use indexmap::IndexSet;

use super::contexts::Contexts;
use super::representations;
use super::value::{self, write_directives};
use super::{Keys, Kind, Unnamed, keyword, path};
use crate::PlanError;
use crate::draft::{Draft, RequestId, Used};
use crate::operation::{Applied, NodeId};
use crate::plan::OperationKind;
use writer::Writer;

/// A part of a request.
#[derive(Clone, Copy)]
pub struct Only<'o> {
    /// Which of the fields at its top.
    pub entries: &'o [usize],
    /// What those require.
    pub requires: &'o BTreeSet<NodeId>,
}

/// Writes a request, or a part of it, as a fetch, its place in the order still to come.
pub fn write(
    draft: &Draft<'_>,
    used: &Used,
    keys: &mut Keys,
    id: RequestId,
    only: Option<Only<'_>>,
) -> Result<Unnamed, PlanError> {
    let request = draft.state.request(id);
    let place = draft.state.source(request.top).place;
    let top = only.map(|only| (request.top, only.entries));
    let (variables, contexts) = (IndexSet::new(), Contexts::default());
    let mut writer = Writer { draft, used, only: top, keys, subgraph: request.subgraph, variables, contexts };
    let mut body = String::new();
    let is_root = request.inputs.is_empty();
    let output = writer.selection(request.top, is_root, &mut body);
    let (mut variables, contexts) = (writer.variables, writer.contexts);
    let top = draft.state.source(request.top);
    let mut declarations = Vec::new();
    let (kind, keyword) = if is_root {
        let operation = match top.ty {
            ty if Some(ty) == draft.supergraph.mutation => OperationKind::Mutation,
            ty if Some(ty) == draft.supergraph.subscription => OperationKind::Subscription,
            _ => OperationKind::Query,
        };
        (Kind::Root(path(draft, keys, place)), keyword(operation))
    } else {
        let representations = representations::write(draft, used, keys, id, only)?;
        let paths = vec![path(draft, keys, place)];
        let contexts = contexts.bind(draft, keys)?;
        (Kind::Entities { paths, representations, contexts }, "query")
    };
    let mut directives = String::new();
    let own = draft.operation.directives(draft.operation.own_directives);
    // What a mutation asks after its root fields is a query, on which the directive may not stand.
    let own: Vec<Applied> = own.iter().filter(|one| one.may_stand_on(draft.supergraph, keyword)).cloned().collect();
    write_directives(&own, &mut variables, &mut directives);
    for name in &variables {
        let Some(definition) = draft.operation.variables.get(name) else {
            return Err(PlanError::Internal("a variable that the operation doesn't declare"));
        };
        let mut text = format!("${name}:{}", definition.ty);
        if let Some(default) = &definition.default_value {
            text.push('=');
            value::write(default, &mut IndexSet::new(), &mut text);
        }
        declarations.push(text);
    }
    Ok(Unnamed {
        subgraph: request.subgraph,
        stage: request.stage,
        kind,
        keyword,
        declarations,
        directives,
        body,
        variables: variables.into_iter().collect(),
        output,
        after: Default::default(),
        requests: Vec::new(),
        readers: Default::default(),
        apart: Vec::new(),
    })
}
