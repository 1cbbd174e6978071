//! What is kept in front of the database: read once, seen changed by who changed it at once and by others when the event has
//! come, and shown to nobody who may not see it.

use std::sync::Arc;

use kit::{
    GlobalId as _, LogBus, Workers,
    log_bus::LogBusConfig,
    subgraph::{Call, Reply},
    testing::wait_for,
};
use wire::bus::Bus;

use super::*;
use crate::{
    domain::{Author, UserId},
    store::user_erase_in_txn,
};

/// Other processes of the same service, and what runs in all of them.
struct Processes {
    fixture: Fixture,
    others: Vec<Subgraph>,
    _running: Vec<kit::worker::Running>,
    _bus_database: TestDatabase,
}

impl Processes {
    async fn start() -> Self {
        let (fixture, bus_database) = (Fixture::new().await, TestDatabase::bus().await);
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        let bus = Arc::new(bus) as Arc<dyn Bus>;
        let reads = || Reads::new(crate::NAME, fixture.database.database().clone(), None);
        let others: Vec<Subgraph> = (0..2).map(|_| crate::subgraph(&reads(), fixture.keys.access())).collect();
        let worker = crate::tell_caches(crate::workers(reads().database(), &bus), &reads(), &bus);
        let hearing = others.iter().chain([&fixture.subgraph]).map(Subgraph::beside);
        let running = hearing.chain([worker]).map(Workers::start).collect();
        Self { fixture, others, _running: running, _bus_database: bus_database }
    }

    async fn ask(&self, subgraph: &Subgraph, caller: &Identity, query: &str, read_after: Option<&str>) -> Reply {
        let token = self.fixture.keys.token(caller);
        let call = Call { identity: Some(&token), read_after, ..Call::default() };
        subgraph.call(json!({ "query": query }).to_string().into(), call).await
    }

    async fn answer(&self, subgraph: &Subgraph, caller: &Identity, query: &str, read_after: Option<&str>) -> Value {
        serde_json::from_slice(&self.ask(subgraph, caller, query, read_after).await.body).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_once_takes_no_statement() {
    let fixture = Fixture::new().await;
    // A cache that has just begun keeps nothing that an earlier change could have outdated.
    let query = "{ me { name addresses { city } } }";
    let statements = || fixture.database.database().statements_executed();
    wait_for("a read without a statement", async || {
        let before = statements();
        let response = fixture.run(&customer(), query).await;
        assert_eq!(codes(&response), [""; 0], "{response}");
        (statements() == before).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_seen_by_who_made_it_at_once_and_by_all_processes_when_the_event_has_come() {
    let processes = Processes::start().await;
    let query = format!("{{ user(id: \"{}\") {{ name addresses {{ label }} }} }}", user(seed::CUSTOMER));
    let [first, second] = processes.others.as_slice() else { panic!("two") };
    for (round, name) in ["Ada", "Grace", "Barbara"].into_iter().enumerate() {
        for process in &processes.others {
            processes.answer(process, &administrator(), &query, None).await;
        }
        let change = format!(
            "mutation {{ updateProfile(input: {{ name: \"{name}\" }}) {{ user {{ name }} }} \
             addAddress(input: {{ address: {{ label: \"{name}\", recipient: \"A\", street: \"B\", city: \"C\", \
             postalCode: \"D\", country: \"DE\" }} }}) {{ errors {{ __typename }} }} }}"
        );
        let changed = processes.ask(first, &customer(), &change, None).await;
        let read_after = changed.read_after.expect("what to read after");
        assert!(read_after.starts_with("users="), "{read_after}");
        let shows = |response: &Value| {
            let labels = response["data"]["user"]["addresses"].as_array().unwrap();
            response["data"]["user"]["name"] == name && labels.iter().any(|address| address["label"] == name)
        };
        // In the same process by its own memory, in another by what the answer said.
        for (process, read_after) in [(first, None), (second, Some(read_after.as_str()))] {
            let response = processes.answer(process, &customer(), &query, read_after).await;
            assert!(shows(&response), "round {round}: {response}");
        }
        for process in &processes.others {
            wait_for("the change", async || {
                shows(&processes.answer(process, &administrator(), &query, None).await).then_some(())
            })
            .await;
        }
    }
    let refused = processes.ask(first, &customer(), "{ me { name } }", None).await;
    assert_eq!(refused.read_after, None, "who only reads is told nothing");
}

/// Without the deletion that asks for it, which hears of it later or never.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_is_told_to_all_processes_by_that() {
    let processes = Processes::start().await;
    let query = format!("{{ user(id: \"{}\") {{ name addresses {{ city }} }} }}", user(seed::CUSTOMER));
    for process in &processes.others {
        let response = processes.answer(process, &administrator(), &query, None).await;
        assert!(!response["data"]["user"]["addresses"].as_array().unwrap().is_empty(), "{response}");
    }
    let (author, customer) = (Author::calling(&administrator()), UserId::from_uuid(seed::user_id(seed::CUSTOMER)));
    let database = processes.fixture.database.database();
    database.unit(async |connection| user_erase_in_txn(connection, &author, customer).await).await.unwrap();
    let forgotten = json!({ "name": "Erased user", "addresses": [] });
    for process in &processes.others {
        wait_for("the user to be forgotten", async || {
            let response = processes.answer(process, &administrator(), &query, None).await;
            (response["data"]["user"] == forgotten).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_shown_to_nobody_who_may_not_see_it() {
    let fixture = Fixture::new().await;
    let query = format!("{{ user(id: \"{}\") {{ name email addresses {{ city }} }} }}", user(seed::CUSTOMER));
    for _ in 0..3 {
        let response = fixture.run(&administrator(), &query).await;
        assert!(response["data"]["user"]["email"].is_string(), "{response}");
        let stranger = fixture.run(&Identity::user(user(seed::CUSTOMER + 1)), &query).await;
        assert_eq!(stranger["data"]["user"]["addresses"], Value::Null);
        assert_eq!(codes(&stranger), ["FORBIDDEN", "FORBIDDEN"], "{stranger}");
        assert!(!stranger.to_string().contains('@'), "{stranger}");
    }
}
