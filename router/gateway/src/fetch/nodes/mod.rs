//! The router's own subgraph, [`federation::nodes`]: any object by its global id.
//!
//! An id says of itself which type it is of; that there is such an object it can't say. So its owner is asked, by the same
//! entity resolver that all other ways to the object lead through, in the caller's name: what that doesn't give doesn't exist
//! here either. Nothing is believed, kept, or looked up by any other way.

mod answer;
mod owner;
mod question;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::{Nodes, SubgraphId, Supergraph};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use graphql::{Schema, SchemaLimits, Valid, parse_schema};

use crate::GatewayError;
use owner::Owners;
use question::Question;

/// Answers for the nodes subgraph; all other calls go on.
pub(crate) struct NodesFetch {
    inner: Arc<dyn Fetch>,
    subgraph: SubgraphId,
    /// What the subgraph's operations are written for.
    schema: Valid<Schema>,
    owners: Owners,
}

impl NodesFetch {
    /// Around the way to the other subgraphs, if the supergraph has nodes.
    ///
    /// # Errors
    /// Owners that the supergraph doesn't have, or that can't be asked for a type of theirs.
    pub(crate) fn around(inner: Arc<dyn Fetch>, supergraph: &Supergraph) -> Result<Arc<dyn Fetch>, GatewayError> {
        let found = supergraph.subgraphs.iter().zip(0_u16..).find_map(|(subgraph, id)| {
            let nodes = Nodes::of_url(&subgraph.url)?;
            Some((SubgraphId(id), &subgraph.name, nodes))
        });
        let Some((subgraph, name, nodes)) = found else { return Ok(inner) };
        let invalid =
            |message: String| GatewayError::Value { key: format!("the routing_url of subgraph {name}"), message };
        let owners = Owners::new(&nodes, supergraph).map_err(invalid)?;
        let schema = parse_schema(name, &nodes.sdl(), &SchemaLimits::default());
        let schema = schema.map_err(|found| invalid(format!("it makes no schema: {found:?}")))?;
        Ok(Arc::new(Self { inner, subgraph, schema, owners }))
    }

    async fn answer(&self, body: &[u8], context: &RequestContext) -> Result<Bytes, FetchError> {
        let question = Question::read(&self.schema, body).map_err(FetchError::Malformed)?;
        let known = self.owners.ask(&question, &*self.inner, context).await;
        Ok(answer::write(&question, &known).into())
    }
}

impl Fetch for NodesFetch {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        if request.subgraph != self.subgraph {
            return self.inner.fetch(request, context);
        }
        async move {
            let body = self.answer(&request.body, context).await?;
            Ok(stream::once(std::future::ready(Ok(body))).boxed())
        }
        .boxed()
    }
}
