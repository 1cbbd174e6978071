//! Errors of resolvers: safe ones that a client may read, and internal ones
//! that only the log does.
//!
//! This is the only way from a Rust error to a GraphQL error: no other error
//! type converts by itself, so no cause can leak into a response by a `?`.

use std::{any::Any, sync::Arc};

use async_graphql::{Context, ErrorExtensionValues, InputType, InputValueError};
use wire::codes;

/// A resolver's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a resolver can answer instead of a value.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The field needs a user and the caller is anonymous.
    #[error("Sign in to read or change this")]
    Unauthenticated,
    /// The caller may not read or change this.
    #[error("You may not read or change this")]
    Forbidden,
    /// What the call names doesn't exist; the text says what.
    #[error("{0}")]
    NotFound(String),
    /// An id that isn't one of the named type.
    #[error("Not an id of {type_name}")]
    InvalidId {
        /// The GraphQL type that was expected.
        type_name: &'static str,
    },
    /// Paging arguments that make no page; the text says why.
    #[error("{0}")]
    InvalidPagination(String),
    /// A value that the domain refuses; the text says why.
    #[error("{0}")]
    BadUserInput(String),
    /// The request lists more rows than one may.
    #[error("The operation lists more than {rows_max} rows; ask for shorter or fewer nested pages")]
    TooComplex {
        /// How many it may list.
        rows_max: usize,
    },
    /// Something that this needs can't be had now; the text says what. Whoever makes one logs the cause.
    #[error("{0}")]
    Unavailable(&'static str),
    /// A fault of ours: logged whole, shown as one line with a trace id.
    #[error("Internal error")]
    Internal(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Wraps a cause that no client may see.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(Arc::from(cause.into()))
    }

    /// The stable `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated => codes::UNAUTHENTICATED,
            Self::Forbidden => codes::FORBIDDEN,
            Self::NotFound(_) => codes::NOT_FOUND,
            Self::InvalidId { .. } => codes::INVALID_ID,
            Self::InvalidPagination(_) => codes::INVALID_PAGINATION,
            Self::BadUserInput(_) => codes::BAD_USER_INPUT,
            Self::TooComplex { .. } => codes::OPERATION_TOO_COMPLEX,
            Self::Unavailable(_) => codes::UNAVAILABLE,
            Self::Internal(_) => codes::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Error> for async_graphql::Error {
    fn from(error: Error) -> Self {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", error.code());
        let message = error.to_string();
        let source = match error {
            Error::Internal(cause) => Some(Arc::new(InternalCause(cause)) as Arc<dyn Any + Send + Sync>),
            _ => None,
        };
        Self { message, source, extensions: Some(extensions) }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        Self::internal(error)
    }
}

impl From<crate::database::DatabaseError> for Error {
    fn from(error: crate::database::DatabaseError) -> Self {
        Self::internal(error)
    }
}

/// Says of one of a list that it can't be shown: it is left out, by an error at the list, and the others are shown.
pub fn leave_out(context: &Context<'_>, error: Error) {
    let error = async_graphql::Error::from(error).into_server_error(context.item.pos);
    context.add_error(context.set_error_path(error));
}

/// The extension by which [`refused_input`] tells the seal what to say.
pub(crate) const INPUT_MESSAGE: &str = "inputMessage";

/// A refused argument or input field, in our words: async-graphql would tell
/// the client the whole way of its parser.
pub(crate) fn refused_input<T: InputType>(error: &Error) -> InputValueError<T> {
    InputValueError::custom(error).with_extension("code", error.code()).with_extension(INPUT_MESSAGE, error.to_string())
}

/// The cause of an internal error on its way to the log.
pub(crate) struct InternalCause(pub(crate) Arc<dyn std::error::Error + Send + Sync>);

/// What the subgraph put into this request's context (its loaders, its store).
///
/// # Errors
/// An internal error when nothing of that type was put there.
pub fn request_data<'a, T: Any + Send + Sync>(context: &Context<'a>) -> Result<&'a T> {
    context.data_opt::<T>().ok_or_else(|| Error::internal(format!("no {} in context", std::any::type_name::<T>())))
}
