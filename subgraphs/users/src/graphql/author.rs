//! Who makes a change, for the audit trail and the events.

use async_graphql::Context;
use kit::{Caller, Result};

use crate::domain::Author;

/// The caller, and who vouches for it.
pub fn author(context: &Context<'_>) -> Result<Author> {
    Ok(Author::calling(Caller::from_context(context)?.identity()))
}
