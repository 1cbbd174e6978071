//! Forgetting who a payer is.

use diesel_async::AsyncPgConnection;
use wire::id::UserId;

use super::{DeskError, under_way};

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// Nothing is known of the user but an id in books that the law wants kept.
    Erased,
    /// Something is under way, or in dispute.
    OpenPayments,
}

/// Forgets a user. Events and ledger hold ids and amounts alone; tokens of means of payment are gone from the tables once a payment
/// was authorised or declined, so a user without payments under way is forgotten already. Commands on the bus are forgotten by its
/// own retention.
///
/// # Errors
/// The database fails.
pub async fn erase(connection: &mut AsyncPgConnection, user_id: UserId) -> Result<Erasure, DeskError> {
    let is_open = under_way::any_of(connection, user_id.uuid()).await?;
    Ok(if is_open { Erasure::OpenPayments } else { Erasure::Erased })
}
