//! What is kept in front of orders: read once, seen changed by who changed it at once and by others when the event has come, and shown
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

use super::placing::request;
use super::{Shop, administrator, customer, user_id};
use crate::catalogue::Catalogue;
use crate::payments::Payments;

/// Two processes that serve, and one that works.
struct Processes {
    shop: Shop,
    serving: [Subgraph; 2],
    _running: Vec<Running>,
    _bus_database: TestDatabase,
}

impl Processes {
    async fn start() -> Self {
        let (shop, bus_database) = (Shop::seeded().await, TestDatabase::bus().await);
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        let bus = Arc::new(bus) as Arc<dyn Bus>;
        let reads = || Reads::new(crate::NAME, shop.database.database().clone(), None);
        let prices = || Arc::clone(&shop.catalogue) as Arc<dyn Catalogue>;
        let paid = || Arc::clone(&shop.payments) as Arc<dyn Payments>;
        let serving = [(), ()].map(|()| crate::subgraph(&reads(), prices(), paid(), None, shop.identity.access()));
        // Without its sagas: what is placed stays placed.
        let workers = Workers::of(wire::Domain::Orders, shop.database.database(), &bus);
        let worker = crate::tell_caches(workers, &reads(), &bus);
        let running = serving.iter().map(Subgraph::beside).chain([worker]).map(Workers::start).collect();
        Self { shop, serving, _running: running, _bus_database: bus_database }
    }

    async fn ask(
        &self,
        process: usize,
        caller: &Identity,
        body: Value,
        read_after: Option<&str>,
    ) -> (Value, Option<String>) {
        let token = self.shop.identity.token(caller);
        let call = Call { identity: Some(&token), read_after, ..Call::default() };
        let reply = self.serving[process].call(body.to_string().into(), call).await;
        (serde_json::from_slice(&reply.body).unwrap(), reply.read_after)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_there_for_who_placed_it_and_changed_for_all_when_the_event_has_come() {
    let processes = Processes::start().await;
    let place = json!({ "query": super::placing::PLACE, "variables": request("kept", &[(3, 2)]) });
    let (placed, read_after) = processes.ask(0, &customer(), place, None).await;
    let id = placed["data"]["placeOrder"]["order"]["id"].as_str().unwrap_or_else(|| panic!("{placed}")).to_owned();
    let query = json!({ "query": format!("{{ order(id: \"{id}\") {{ status version }} }}") });
    for (process, read_after) in [(0, None), (1, read_after.as_deref())] {
        let (answer, _) = processes.ask(process, &customer(), query.clone(), read_after).await;
        assert_eq!(answer["data"]["order"]["status"], "PLACED", "{answer}");
    }
    // Kept by both; to another customer there is none all the same.
    for process in [0, 1] {
        let (answer, _) = processes.ask(process, &administrator(), query.clone(), None).await;
        assert_eq!(answer["data"]["order"]["status"], "PLACED", "{answer}");
        let (answer, _) = processes.ask(process, &Identity::user(user_id(7)), query.clone(), None).await;
        assert_eq!(answer, json!({ "data": { "order": null } }));
    }
    let cancel = json!({ "query": format!("mutation {{ cancelOrder(input: {{ id: \"{id}\" }}) {{ errors {{ __typename }} }} }}") });
    let (cancelled, _) = processes.ask(0, &customer(), cancel, None).await;
    assert_eq!(cancelled["data"]["cancelOrder"]["errors"], json!([]), "{cancelled}");
    let (answer, _) = processes.ask(0, &customer(), query.clone(), None).await;
    let version = answer["data"]["order"]["version"].clone();
    wait_for("the other process to see it", async || {
        let (answer, _) = processes.ask(1, &administrator(), query.clone(), None).await;
        (answer["data"]["order"]["version"] == version).then_some(())
    })
    .await;
}
