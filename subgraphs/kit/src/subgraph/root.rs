//! The query root, with `_entities` in which each representation stands alone.
//!
//! async-graphql fails the whole list when one representation names no type of
//! the subgraph, lacks its key or finds nothing, and leaves the index out of
//! error paths. Here such an item is null, with an error at its own index, and
//! errors below an entity carry the index too: the router can tell whose they
//! are.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value,
    parser::types::Field, registry::Registry, resolver_utils::resolve_container,
};

use crate::error::Error;

/// A subgraph's query root: `Schema::build(Root(Query), …)`.
#[derive(Debug, Default)]
pub struct Root<Q>(pub Q);

impl<Q: ObjectType> ContainerType for Root<Q> {
    async fn resolve_field(&self, context: &Context<'_>) -> ServerResult<Option<Value>> {
        self.0.resolve_field(context).await
    }

    async fn find_entity(&self, context: &Context<'_>, representation: &Value) -> ServerResult<Option<Value>> {
        let indexed;
        let context = match context.data_opt::<EntityIndexes>() {
            Some(indexes) => {
                indexed = context.with_index(indexes.next(&context.item.node.response_key().node));
                &indexed
            }
            None => context,
        };
        let error = match self.0.find_entity(context, representation).await {
            Ok(Some(entity)) => return Ok(Some(entity)),
            Ok(None) => no_entity(context),
            Err(error) => error,
        };
        context.add_error(if error.path.is_empty() { context.set_error_path(error) } else { error });
        Ok(Some(Value::Null))
    }
}

fn no_entity(context: &Context<'_>) -> async_graphql::ServerError {
    let message = "The representation is of no entity of this subgraph, or lacks its key".to_owned();
    async_graphql::Error::from(Error::BadUserInput(message)).into_server_error(context.item.pos)
}

impl<Q: ObjectType> OutputType for Root<Q> {
    fn type_name() -> Cow<'static, str> {
        Q::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Q::create_type_info(registry)
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, _field: &Positioned<Field>) -> ServerResult<Value> {
        resolve_container(context, self).await
    }
}

impl<Q: ObjectType> ObjectType for Root<Q> {}

/// How many representations of each `_entities` field have started; one a
/// request. Representations start in their order.
#[derive(Default)]
pub(super) struct EntityIndexes(Mutex<HashMap<String, usize>>);

impl EntityIndexes {
    fn next(&self, response_key: &str) -> usize {
        let mut started = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = started.get_mut(response_key) {
            let index = *count;
            *count = index.saturating_add(1);
            return index;
        }
        started.insert(response_key.to_owned(), 1);
        0
    }
}
