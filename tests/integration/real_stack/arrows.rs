//! The platform's arrows: who uses which store or topic, and what shows it. `docs/platform.md` has the same table, and a test holds it to
//! this one.

use super::sights::Sight::{self, Consumed, Document, Keys, Objects, Published, Rows, Scans};

/// A column of the page's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    OwnDatabase,
    Replica,
    Redis,
    Told,
    Heard,
    Commands,
    ObjectStore,
}

use Column::{Commands, Heard, ObjectStore, OwnDatabase, Redis, Replica, Told};

impl Column {
    /// Its heading.
    pub fn heading(self) -> &'static str {
        match self {
            Self::OwnDatabase => "own database",
            Self::Replica => "replica",
            Self::Redis => "Redis",
            Self::Told => "event topic, told",
            Self::Heard => "event topic, heard",
            Self::Commands => "command topic",
            Self::ObjectStore => "object store",
        }
    }
}

/// One arrow: of a service, in a column, seen by something that grows.
pub type Arrow = (&'static str, Column, Sight);

/// What comes of `CancelOrder`, which orders send themselves for each open order of a customer who is blocked, and handle.
const CALLED_OFF: &str = "SELECT count(*) FROM event WHERE type = 'cancelled' AND data LIKE '%USER_BLOCKED%'";

/// All that have to carry traffic.
pub const ARROWS: &[Arrow] = &[
    ("users", OwnDatabase, Rows("users", "SELECT count(*) FROM audit_trail")),
    ("users", Replica, Scans("users", "users")),
    ("users", Redis, Keys("users:*")),
    ("users", Told, Published("users/events")),
    ("users", Commands, Consumed("users/commands", "users.commands")),
    ("users", Commands, Published("orders/commands")),
    ("users", Commands, Published("notifications/commands")),
    ("users", Commands, Consumed("users/replies", "users.saga-account-erasure")),
    ("products", OwnDatabase, Document),
    ("products", OwnDatabase, Rows("products", "SELECT count(*) FROM inbox")),
    ("products", Redis, Keys("products:*")),
    ("products", Told, Published("products/events")),
    ("products", Heard, Consumed("stock/events", "products.availability")),
    ("stock", OwnDatabase, Rows("stock", "SELECT count(*) FROM stock_movement")),
    ("stock", Replica, Scans("stock", "stock_item")),
    ("stock", Told, Published("stock/events")),
    ("stock", Heard, Consumed("products/events", "stock.catalogue")),
    ("stock", Heard, Consumed("orders/events", "stock.returns")),
    ("stock", Commands, Consumed("stock/commands", "stock.commands")),
    ("orders", OwnDatabase, Rows("orders", "SELECT count(*) FROM event")),
    ("orders", OwnDatabase, Rows("orders", "SELECT count(*) FROM order_list.entry")),
    ("orders", Replica, Scans("orders", "entry")),
    ("orders", Redis, Keys("orders:*")),
    ("orders", Told, Published("orders/events")),
    ("orders", Heard, Consumed("users/events", "orders.users")),
    ("orders", Commands, Consumed("orders/commands", "orders.commands")),
    ("orders", Commands, Rows("orders", CALLED_OFF)),
    ("orders", Commands, Published("stock/commands")),
    ("orders", Commands, Published("payments/commands")),
    ("orders", Commands, Consumed("orders/replies", "orders.saga-place-order")),
    ("orders", ObjectStore, Objects("invoices")),
    ("payments", OwnDatabase, Rows("payments", "SELECT count(*) FROM ledger_entry")),
    ("payments", Replica, Scans("payments", "entry")),
    ("payments", Redis, Keys("payments:*")),
    ("payments", Told, Published("payments/events")),
    ("payments", Commands, Consumed("payments/commands", "payments.commands")),
    ("payments", Commands, Published("users/commands")),
    ("payments", Commands, Consumed("payments/replies", "payments.replies")),
    ("notifications", OwnDatabase, Rows("notifications", "SELECT count(*) FROM notification")),
    ("notifications", Replica, Scans("notifications", "notification")),
    ("notifications", Told, Published("notifications/events")),
    ("notifications", Heard, Consumed("users/events", "notifications.intake")),
    ("notifications", Heard, Consumed("orders/events", "notifications.intake")),
    ("notifications", Heard, Consumed("payments/events", "notifications.intake")),
    ("notifications", Commands, Consumed("notifications/commands", "notifications.commands")),
];
