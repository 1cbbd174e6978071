//! One entity of an `_entities` list: found, missing or refused on its own.
//!
//! async-graphql fails the whole list on one `Err` and leaves the index out of
//! error paths. An [`Entity`] becomes null with an error at its own index
//! instead, and errors below it carry the index too, so that the router can
//! tell which entity they belong to.

use std::{
    borrow::Cow,
    collections::HashMap,
    future::Future,
    sync::{Mutex, PoisonError},
};

use async_graphql::{
    Context, ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field, registry::Registry,
};

use crate::error::Result;

/// What an entity resolver returns.
pub struct Entity<T> {
    index: Option<usize>,
    found: Result<Option<T>>,
}

impl<T> Entity<T> {
    /// Looks one representation up. This must be the first `await` of an
    /// entity resolver: representations take their index in the order in which
    /// their resolvers start.
    pub async fn find(context: &Context<'_>, find: impl Future<Output = Result<Option<T>>>) -> Self {
        let index =
            context.data_opt::<EntityIndexes>().map(|indexes| indexes.next(&context.item.node.response_key().node));
        Self { index, found: find.await }
    }
}

impl<T: OutputType + Sync> OutputType for Entity<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn qualified_type_name() -> String {
        T::type_name().into_owned()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry);
        T::type_name().into_owned()
    }

    async fn resolve(&self, context: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        let indexed;
        let context = match self.index {
            Some(index) => {
                indexed = context.with_index(index);
                &indexed
            }
            None => context,
        };
        let resolved = match &self.found {
            Ok(Some(entity)) => entity.resolve(context, field).await,
            Ok(None) => Ok(Value::Null),
            Err(error) => {
                let error = async_graphql::Error::from(error.clone());
                Err(context.set_error_path(error.into_server_error(field.pos)))
            }
        };
        resolved.or_else(|error| {
            context.add_error(error);
            Ok(Value::Null)
        })
    }
}

/// How many representations of each `_entities` field have started; one a
/// request.
#[derive(Default)]
pub(crate) struct EntityIndexes(Mutex<HashMap<String, usize>>);

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
