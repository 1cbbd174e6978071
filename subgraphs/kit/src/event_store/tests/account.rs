//! An aggregate for tests: an account that may not be overdrawn.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Database,
    event_store::{Aggregate, EventData, Metadata, StoreError, UpcastError, append, load},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Deposited {
    pub cents: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl EventData for Deposited {
    const NAME: &'static str = "deposited";
    const VERSION: u16 = 3;

    /// The first version counted whole units as `amount`, the second one called that `units`.
    fn upcast(version: u16, data: Value) -> Result<Value, UpcastError> {
        let number = |name: &str| data.get(name).and_then(Value::as_i64).ok_or("no amount");
        match version {
            1 => Ok(serde_json::json!({ "units": number("amount")? })),
            2 => Ok(serde_json::json!({ "cents": number("units")? * 100 })),
            _ => Err("unknown".into()),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Withdrawn {
    pub cents: i64,
}

impl EventData for Withdrawn {
    const NAME: &'static str = "withdrawn";
    const VERSION: u16 = 1;
}

crate::stored_events! {
    /// What can happen to an account.
    pub(crate) enum AccountEvent {
        Deposited(Deposited),
        Withdrawn(Withdrawn),
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub cents: i64,
    pub withdrawals: u32,
}

impl Aggregate for Account {
    type Event = AccountEvent;
    const NAME: &'static str = "account";
    const SNAPSHOT_VERSION: u16 = 1;
    const SNAPSHOT_EVERY: u32 = 10;

    fn apply(&mut self, event: &AccountEvent) {
        match event {
            AccountEvent::Deposited(deposited) => self.cents += deposited.cents,
            AccountEvent::Withdrawn(withdrawn) => {
                self.cents -= withdrawn.cents;
                self.withdrawals += 1;
            }
        }
    }
}

pub(crate) fn deposited(cents: i64) -> AccountEvent {
    Deposited { cents, note: None }.into()
}

impl Account {
    /// Nothing, if there isn't enough.
    pub fn withdraw(&self, cents: i64) -> Vec<AccountEvent> {
        match self.cents >= cents {
            true => vec![Withdrawn { cents }.into()],
            false => Vec::new(),
        }
    }
}

/// Decides on the newest state; the account's version after that.
pub(crate) async fn decide(
    database: &Database,
    id: Uuid,
    decision: impl Fn(&Account) -> Vec<AccountEvent> + Send + Sync,
) -> Result<u32, StoreError> {
    database
        .unit(async |connection| {
            let loaded = load::<Account>(connection, id).await?;
            let events = decision(loaded.state());
            Ok::<_, StoreError>(append(connection, loaded, events, &Metadata::default()).await?.version())
        })
        .await
}

pub(crate) async fn deposit(database: &Database, id: Uuid, cents: i64) {
    decide(database, id, |_| vec![deposited(cents)]).await.unwrap();
}
