//! What is kept in front of the catalogue: read once, seen changed by who changed it at once and by others when the event has come, and shown
//! to nobody who may not see it.

use std::sync::Arc;

use kit::log_bus::LogBusConfig;
use kit::subgraph::Call;
use kit::testing::{TestDatabase, wait_for};
use kit::worker::Running;
use kit::{LogBus, Reads, Subgraph, Workers};
use serde_json::{Value, json};
use wire::bus::Bus;
use wire::identity::Identity;

use super::{Catalogue, product};
use crate::store::PostgresProducts;

/// Two processes that serve, and one that works.
struct Processes {
    catalogue: Catalogue,
    serving: [Subgraph; 2],
    _running: Vec<Running>,
    _bus_database: TestDatabase,
}

impl Processes {
    async fn start() -> Self {
        let (catalogue, bus_database) = (Catalogue::seeded().await, TestDatabase::bus().await);
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        let bus = Arc::new(bus) as Arc<dyn Bus>;
        let database = catalogue.database.database();
        let reads = || Reads::new(crate::NAME, database.clone(), None);
        let store = Arc::new(PostgresProducts::new(database.clone()));
        let serving = [(), ()].map(|()| crate::subgraph(store.clone(), &reads(), catalogue.identity.access()));
        let worker = crate::tell_caches(crate::workers(database, &bus), &reads(), &bus);
        let running = serving.iter().map(Subgraph::beside).chain([worker]).map(Workers::start).collect();
        Self { catalogue, serving, _running: running, _bus_database: bus_database }
    }

    async fn ask(&self, process: usize, query: &str, read_after: Option<&str>) -> (Value, Option<String>) {
        let administrator = kit::id::encode("User", kit::seed::user_id(kit::seed::ADMINISTRATOR));
        let token = self.catalogue.identity.token(&Identity::administrator(administrator));
        let call = Call { identity: Some(&token), read_after, ..Call::default() };
        let reply = self.serving[process].call(json!({ "query": query }).to_string().into(), call).await;
        (serde_json::from_slice(&reply.body).unwrap(), reply.read_after)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_is_the_new_one_for_who_changed_it_at_once_and_for_all_when_the_event_has_come() {
    let processes = Processes::start().await;
    let query = format!("{{ product(id: \"{}\") {{ version price {{ amountMinor }} }} }}", product(1));
    let statements = || processes.catalogue.database.database().statements_executed();
    for version in 1..4 {
        for process in [0, 1] {
            wait_for("the version before", async || {
                let (answer, _) = processes.ask(process, &query, None).await;
                (answer["data"]["product"]["version"] == version).then_some(())
            })
            .await;
        }
        let minor = (1_000 + version).to_string();
        let change = format!(
            "mutation {{ changePrice(input: {{ id: \"{}\", expectedVersion: {version}, price: {{ amountMinor: \"{minor}\", \
             currency: \"EUR\" }} }}) {{ product {{ version }} errors {{ __typename }} }} }}",
            product(1)
        );
        let (changed, read_after) = processes.ask(0, &change, None).await;
        assert_eq!(changed["data"]["changePrice"]["product"]["version"], version + 1, "{changed}");
        for (process, read_after) in [(0, None), (1, read_after.as_deref())] {
            let (answer, _) = processes.ask(process, &query, read_after).await;
            assert_eq!(answer["data"]["product"]["price"]["amountMinor"], minor.as_str(), "{answer}");
        }
    }
    // Others than the writer, who is served past what is kept for a while.
    let token = processes.catalogue.identity.token(&Identity::anonymous());
    wait_for("a read without a statement", async || {
        let before = statements();
        let call = Call { identity: Some(&token), ..Call::default() };
        let reply = processes.serving[1].call(json!({ "query": query }).to_string().into(), call).await;
        assert!(reply.body.windows(5).any(|bytes| bytes == b"\"1003"), "{reply:?}");
        (statements() == before).then_some(())
    })
    .await;
}
