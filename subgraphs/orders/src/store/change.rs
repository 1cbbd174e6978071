//! Something is done to a placed order, by a person: decided on its newest state, once.

use diesel_async::AsyncPgConnection;
use kit::GlobalId as _;
use kit::event_store::{Aggregate as _, Loaded, load};
use thiserror::Error;

use super::record::{Actor, record};
use super::{OrderStore, StoreError};
use crate::domain::order::{Command, OrderEvent, Refunded, Refusal};
use crate::domain::{Order, OrderStatus, OrderView, saga};
use crate::{OrderId, sagas};

/// What became of it: the order as it is then.
pub type Changed = Result<OrderView, ChangeError>;

/// Why nothing was done.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// There is no such order.
    #[error("there is no such order")]
    NotFound,
    /// It isn't what the caller has read.
    #[error("the order is at version {0} now")]
    Stale(u32),
    /// Its rules don't allow it.
    #[error("the order's rules don't allow it: {refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// Where it stands.
        status: OrderStatus,
    },
    /// The database fails.
    #[error("the order's store")]
    Store(#[from] StoreError),
}

impl From<kit::event_store::StoreError> for ChangeError {
    fn from(error: kit::event_store::StoreError) -> Self {
        Self::Store(error.into())
    }
}

impl From<kit::database::DatabaseError> for ChangeError {
    fn from(error: kit::database::DatabaseError) -> Self {
        Self::Store(error.into())
    }
}

impl OrderStore {
    /// Does `command` to an order, if it is at `expected` when that is given. One transaction, with what it means for the order's
    /// saga: cancelling is what that does, shipping ends it, and what has come back is paid back by another one.
    ///
    /// # Errors
    /// [`ChangeError`]; then nothing has happened.
    pub async fn order_change(&self, id: OrderId, expected: Option<u32>, command: &Command, actor: &Actor) -> Changed {
        self.database.unit(async |connection| change_in_txn(connection, id, expected, command, actor).await).await
    }
}

/// [`OrderStore::order_change`] within the caller's transaction, which must be given up on an error.
///
/// # Errors
/// [`ChangeError`].
pub async fn change_in_txn(
    connection: &mut AsyncPgConnection,
    id: OrderId,
    expected: Option<u32>,
    command: &Command,
    actor: &Actor,
) -> Changed {
    let order = load::<Order>(connection, id.uuid()).await?;
    if order.state().placed.is_none() {
        return Err(ChangeError::NotFound);
    }
    if expected.is_some_and(|expected| expected != order.version()) {
        return Err(ChangeError::Stale(order.version()));
    }
    let status = order.state().status;
    let events = order.state().decide(command.clone()).map_err(|refusal| ChangeError::Refused { refusal, status })?;
    match command {
        // What there is to undo is known to the saga alone, which cancels the order itself.
        Command::Cancel(reason) if sagas::cancel(connection, id, reason, actor).await? => {
            return view(&load::<Order>(connection, id.uuid()).await?);
        }
        Command::Ship { .. } => sagas::ship(connection, id, actor).await?,
        Command::ReceiveReturn(_) => return receive_return(connection, order, events, actor).await,
        _ => {}
    }
    view(&record(connection, order, events, actor).await?)
}

/// What came back is paid back; what cost nothing is settled with that.
async fn receive_return(
    connection: &mut AsyncPgConnection,
    order: Loaded<Order>,
    mut events: Vec<OrderEvent>,
    actor: &Actor,
) -> Changed {
    let (id, mut after) = (OrderId::from_uuid(order.id()), order.state().clone());
    events.iter().for_each(|event| after.apply(event));
    match after.returned_minor() {
        0 => {
            let (payment_id, refund_id) = (saga::payment_id(id).uuid(), saga::refund_id(id, 0).uuid());
            events.push(Refunded { payment_id, refund_id, amount_minor: 0 }.into());
        }
        amount_minor => sagas::begin_refund(connection, id, &after, amount_minor, actor).await?,
    }
    view(&record(connection, order, events, actor).await?)
}

fn view(loaded: &Loaded<Order>) -> Changed {
    OrderView::of(loaded.id(), loaded.version(), loaded.state()).ok_or(ChangeError::NotFound)
}
