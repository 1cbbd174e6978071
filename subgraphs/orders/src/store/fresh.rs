//! Whoever has just ordered finds the order in their own lists.
//!
//! Lists come from the read model, which a projector fills some milliseconds after the commit. So before a customer's own list is
//! read, it is waited for until what was written last of their orders is there: that is in the customer's row, written with the
//! events. It costs one look at three rows, and mostly no wait at all; nobody waits for others' orders. Merging what isn't there
//! yet into a page would have to know all that pages and filters do, twice.

use std::time::{Duration, Instant};

use diesel::{QueryableByName, sql_query, sql_types::Bool, sql_types::Text, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kit::GlobalId;
use kit::database::{Freshness, ReadConnection};

use super::{OrderStore, StoreError};
use crate::UserId;
use crate::projection::NAME;

/// How long a list waits: a projector that runs is behind by milliseconds. When none does, lists are old rather than gone.
const FRESH_WITHIN: Duration = Duration::from_secs(1);
/// Until the second look: about what a batch of a projector takes. Each wait is twice as long as the one before, up to the longest: a
/// projector that takes longer is loaded, and a dozen looks a list are enough for it.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(160));

/// What was written last is written in the order of positions, under the lock of the customer's row: when it is there, all of
/// theirs is. It won't be soon while the projector says that it can't go on.
const LOOK: &str = "SELECT NOT EXISTS (SELECT FROM customer WHERE id = $1 AND last_order_id IS NOT NULL AND NOT EXISTS ( \
        SELECT FROM order_list.entry WHERE entry.id = last_order_id AND entry.version >= last_version)) AS is_fresh, \
    EXISTS (SELECT FROM projection WHERE name = $2 AND generation = 'live' AND failure IS NOT NULL) AS stands";

#[derive(QueryableByName)]
struct Seen {
    #[diesel(sql_type = Bool)]
    is_fresh: bool,
    #[diesel(sql_type = Bool)]
    stands: bool,
}

impl OrderStore {
    /// Waits, at most a second, until the read model has all that was written of the customer's orders. Whether it has. Nobody waits for
    /// one that stands.
    ///
    /// # Errors
    /// The database fails.
    pub async fn wait_until_fresh(&self, customer: UserId, freshness: Freshness) -> Result<bool, StoreError> {
        let began = Instant::now();
        let (mut wait, longest) = LOOK_AGAIN;
        loop {
            let seen = self.look(customer, freshness).await?;
            if seen.is_fresh {
                return Ok(true);
            }
            if seen.stands || began.elapsed() >= FRESH_WITHIN {
                tracing::warn!("the read model of orders is behind: is a worker running?");
                return Ok(false);
            }
            tokio::time::sleep(wait).await;
            wait = wait.saturating_mul(2).min(longest);
        }
    }

    /// On a connection for the look alone: who waits holds none.
    async fn look(&self, customer: UserId, freshness: Freshness) -> Result<Seen, StoreError> {
        let read = async |connection: &mut ReadConnection| {
            let look = sql_query(LOOK).bind::<SqlUuid, _>(customer.uuid()).bind::<Text, _>(NAME);
            let seen: Seen = look.get_result(&mut **connection).await?;
            Ok::<_, StoreError>(seen)
        };
        self.database.read(freshness, read).await
    }
}
