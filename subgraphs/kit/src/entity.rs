//! One entity of an `_entities` list: found, missing or refused on its own.
//!
//! An `Err` in an entity resolver would reach async-graphql, which knows no
//! null entity. An [`Entity`] becomes null with an error at its own index.

use std::{borrow::Cow, future::Future};

use async_graphql::{
    ContextSelectionSet, OutputType, Positioned, ServerResult, Value, parser::types::Field, registry::Registry,
};

use crate::error::Result;

/// What an entity resolver returns.
pub struct Entity<T>(Result<Option<T>>);

impl<T> Entity<T> {
    /// Looks one representation up.
    pub async fn find(find: impl Future<Output = Result<Option<T>>>) -> Self {
        Self(find.await)
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
        let resolved = match &self.0 {
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
