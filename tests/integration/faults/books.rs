//! What the databases say when all is done.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant};

use kit::testing::wait_to_see;
use tokio_postgres::{Client, NoTls};

use super::steps::Step;

/// How long a step is waited for: buyers may be waiting for what was killed before.
const STEP_MAX: Duration = Duration::from_secs(10);
/// Between two looks: a step is over in a few milliseconds.
const LOOK_EACH: Duration = Duration::from_millis(2);
/// How long what is under way may take to come to its end: it is what customers have asked for in the last seconds, and jobs of
/// workers that were killed. The rest is patience with a loaded machine.
const SETTLED_MAX: Duration = Duration::from_secs(300);

const SERVICES: [&str; 7] = ["users", "products", "stock", "orders", "payments", "notifications", "bus"];

const PAID: &str = "SELECT count(*) FROM order_list.entry WHERE status = 'PAID'";

const CALLED_OFF: &str = "SELECT count(*) FROM order_list.entry WHERE status = 'CANCELLED'";

/// What there was before, or is after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Pieces of all products.
    on_hand: i64,
    /// Those of them that are kept for orders.
    reserved: i64,
    /// Orders that are paid.
    paid: i64,
    /// Orders that came to nothing.
    called_off: i64,
}

/// Messages that waited for the bus at one time.
#[derive(Clone, Debug)]
pub struct Unpublished {
    /// How many.
    pub messages: i64,
    /// The last one's place in each service's outbox.
    last: BTreeMap<&'static str, i64>,
}

/// What became of all orders that were placed.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// As many as buyers were told of.
    pub placed: i64,
    /// Those that came to nothing.
    pub called_off: i64,
}

impl fmt::Display for End {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { placed, called_off } = self;
        let paid = placed - called_off;
        write!(
            formatter,
            "{placed} orders: {paid} paid, {called_off} called off; 0 lost, 0 doubled, ledger 0, stock as its books"
        )
    }
}

/// Connections to all databases.
pub struct Books(BTreeMap<&'static str, Client>);

impl Books {
    /// Opens those of a server.
    pub async fn open(server: &str) -> Self {
        let server = server.rsplit_once('/').map(|(server, _)| server).expect("a path");
        let mut clients = BTreeMap::new();
        for name in SERVICES {
            let (client, connection) =
                tokio_postgres::connect(&format!("{server}/{name}"), NoTls).await.expect("a database");
            tokio::spawn(connection);
            clients.insert(name, client);
        }
        Self(clients)
    }

    async fn number(&self, service: &str, query: &str) -> i64 {
        let row = self.0[service].query_one(query, &[]).await;
        row.unwrap_or_else(|error| panic!("{service}: {query}: {error:?}")).get(0)
    }

    async fn none(&self, service: &str, what: &str, query: &str) {
        let rows = self.0[service].query(query, &[]).await;
        let rows = rows.unwrap_or_else(|error| panic!("{service}: {query}: {error:?}"));
        assert!(rows.is_empty(), "{} {what}: {:?}", rows.len(), rows.first());
    }

    /// How many orders are paid.
    pub async fn paid(&self) -> i64 {
        self.number("orders", PAID).await
    }

    /// How many things can be on stock.
    pub async fn stocked(&self) -> i64 {
        self.number("stock", "SELECT count(*) FROM stock_item").await
    }

    /// The products that can be bought, by their ids: stock has a piece that nobody has reserved.
    pub async fn on_stock(&self) -> BTreeSet<String> {
        let query =
            "SELECT DISTINCT product_id::text FROM stock_item WHERE on_hand > reserved AND withdrawn_at IS NULL";
        let rows = self.0["stock"].query(query, &[]).await.expect("the items");
        rows.iter().map(|row| product_id(row.get(0))).collect()
    }

    /// A product that can be bought and of which nothing is reserved: its id, its pieces, and their version.
    pub async fn a_product(&self) -> (String, i32, i32) {
        let query = "SELECT product_id::text, on_hand, version FROM stock_item \
            WHERE on_hand > 0 AND reserved = 0 AND variant_id IS NULL ORDER BY id LIMIT 1";
        let row = self.0["stock"].query_one(query, &[]).await.expect("an item");
        (product_id(row.get(0)), row.get(1), row.get(2))
    }

    /// How many messages a service has given up.
    pub async fn dead_letters(&self, service: &str) -> i64 {
        self.number(service, "SELECT count(*) FROM dead_letter").await
    }

    /// What the bus hasn't yet.
    pub async fn unpublished(&self) -> Unpublished {
        let mut found = Unpublished { messages: 0, last: BTreeMap::new() };
        for service in SERVICES.into_iter().filter(|&service| service != "bus") {
            found.messages += self.number(service, "SELECT count(*) FROM outbox").await;
            found.last.insert(service, self.number(service, "SELECT coalesce(max(position), 0) FROM outbox").await);
        }
        found
    }

    /// How much of that it still hasn't.
    pub async fn still_unpublished(&self, of: &Unpublished) -> i64 {
        let mut messages = 0;
        for (service, last) in &of.last {
            messages += self.number(service, &format!("SELECT count(*) FROM outbox WHERE position <= {last}")).await;
        }
        messages
    }

    /// Waits until a step is seen; whether it was.
    pub async fn wait_for(&self, step: &Step) -> bool {
        if step.shown_by.is_empty() {
            return true;
        }
        let deadline = Instant::now() + STEP_MAX;
        while Instant::now() < deadline {
            let rows = self.0[step.service].query(step.shown_by, &[]).await;
            if !rows.unwrap_or_else(|error| panic!("{step:?}: {error:?}")).is_empty() {
                return true;
            }
            tokio::time::sleep(LOOK_EACH).await;
        }
        false
    }

    /// What there is now.
    pub async fn stand(&self) -> Stand {
        Stand {
            on_hand: self.number("stock", "SELECT coalesce(sum(on_hand), 0)::bigint FROM stock_item").await,
            reserved: self.number("stock", "SELECT coalesce(sum(reserved), 0)::bigint FROM stock_item").await,
            paid: self.paid().await,
            called_off: self.number("orders", CALLED_OFF).await,
        }
    }

    /// Waits until nothing is under way any more.
    pub async fn settle(&self) {
        self.settle_within(SETTLED_MAX).await;
    }

    /// The same with another bound.
    pub async fn settle_within(&self, bound: Duration) {
        wait_to_see(bound, "everything to be settled", async || match self.under_way().await {
            none if none.is_empty() => Ok(()),
            under_way => Err(under_way),
        })
        .await;
    }

    /// What is still under way, for people.
    async fn under_way(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut note = |service: &str, what: &str, count: i64| {
            if count != 0 {
                found.push(format!("{service}: {count} {what}"));
            }
        };
        for service in SERVICES.into_iter().filter(|&service| service != "bus") {
            note(service, "messages in the outbox", self.number(service, "SELECT count(*) FROM outbox").await);
            // Invoices wait for a storage of objects, which these shops have none of, and what is done every night for its hour.
            let jobs = "SELECT count(*) FROM job WHERE finished_at IS NULL AND due_at < now() + interval '1 hour' \
                AND kind NOT IN ('orders.make-invoice', 'orders.forget-exports', 'orders.sweep-invoices')";
            note(service, "jobs", self.number(service, jobs).await);
        }
        let sagas = "SELECT count(*) FROM saga WHERE status IN ('stuck', 'retrying') OR awaited <> '[]'";
        note("orders", "sagas", self.number("orders", sagas).await);
        let behind = "SELECT event_head.position - min(projection.position) FROM event_head, projection \
            GROUP BY event_head.position";
        note("orders", "events that the list lacks", self.number("orders", behind).await);
        // What is told of an order comes last: nothing else shows that it is still on its way.
        let told = self.number("notifications", "SELECT count(*) FROM notification WHERE category = 'PAYMENTS'").await;
        let taken =
            self.number("payments", "SELECT count(*) FROM test_provider.payment WHERE state = 'captured'").await;
        note("notifications", "payments not told", taken - told);
        found
    }

    /// Compares all that was written with what buyers were told; what it came to.
    pub async fn reconcile(&self, bought: &BTreeMap<String, String>, before: &Stand) -> End {
        for service in SERVICES.into_iter().filter(|&service| service != "bus") {
            self.none(service, "dead letters", "SELECT consumer, reason FROM dead_letter").await;
            self.none(service, "failed jobs", "SELECT kind, error FROM job WHERE state = 'failed'").await;
        }
        self.none("orders", "stuck sagas", "SELECT kind, reason FROM saga WHERE status IN ('stuck', 'retrying')").await;
        // Nothing lost, nothing doubled: each confirmed order is there once, and has come to its end.
        let placed = bought.len() as i64;
        let distinct = bought.values().collect::<BTreeSet<_>>().len() as i64;
        assert_eq!(distinct, placed, "keys with one order");
        // An order whose services were away for too long is called off, which is as good an end. Stock: one piece an order that is paid.
        let called_off = self.number("orders", CALLED_OFF).await - before.called_off;
        let paid = placed - called_off;
        assert!(paid * 2 > placed, "{called_off} of {placed} orders were called off");
        let after = Stand {
            on_hand: before.on_hand - paid,
            paid: before.paid + paid,
            called_off: before.called_off + called_off,
            ..*before
        };
        assert_eq!(self.stand().await, after, "{placed} orders after {before:?}");
        let charged =
            "SELECT count(*) FROM test_provider.payment WHERE state = 'captured' AND captured_minor = amount_minor";
        assert_eq!(self.number("payments", charged).await, paid, "charges");
        let twice = "SELECT payment_id FROM test_provider.payment GROUP BY payment_id HAVING count(*) > 1";
        self.none("payments", "payments charged twice", twice).await;
        self.none(
            "payments",
            "payments kept and not taken",
            "SELECT reference FROM test_provider.payment WHERE state = 'kept'",
        )
        .await;
        // The ledger.
        let unbalanced =
            "SELECT transaction_id FROM ledger_entry GROUP BY transaction_id, currency HAVING sum(amount_minor) <> 0";
        self.none("payments", "unbalanced transactions", unbalanced).await;
        let booked =
            "SELECT -coalesce(sum(amount_minor), 0)::bigint FROM ledger_entry WHERE account = 'merchant_revenue'";
        let taken = "SELECT coalesce(sum(captured_minor), 0)::bigint FROM test_provider.payment";
        assert_eq!(self.number("payments", booked).await, self.number("payments", taken).await, "booked is taken");
        let unbooked = "SELECT item.id FROM stock_item item JOIN stock_movement movement ON movement.item_id = item.id \
            GROUP BY item.id HAVING sum(on_hand_change) <> item.on_hand OR sum(reserved_change) <> item.reserved";
        self.none("stock", "items that aren't their books' sum", unbooked).await;
        // Told once: each order placed, each payment.
        let twice = "SELECT event_id FROM notification GROUP BY event_id, user_id HAVING count(*) > 1";
        self.none("notifications", "events told twice", twice).await;
        let told = "SELECT count(DISTINCT about) FROM notification WHERE category = 'ORDERS'";
        assert_eq!(self.number("notifications", told).await, placed, "orders that were told of");
        End { placed, called_off }
    }
}

fn product_id(uuid: &str) -> String {
    wire::id::ProductId::from(uuid.parse::<uuid::Uuid>().expect("a UUID")).to_string()
}
