//! The deletion of an account with all who know it: over a real bus, with domains that answer as they are told.

use std::sync::{Arc, Mutex};

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{
    CommandConsumer, CommandHandler, HandlerError, LogBus, Workers,
    command::{Request, Sender, send_to},
    log_bus::LogBusConfig,
    testing::wait_for,
    worker::Running,
};
use wire::{
    Domain,
    bus::Bus,
    commands::{
        notifications::NotificationCommand,
        users::{BlockUser, EraseUser, EraseUserDone, EraseUserRefusal},
    },
    events::users::BlockReason,
};

use super::*;

/// How a domain answers, and how often it was asked.
#[derive(Clone, Default)]
struct Answers(Arc<Mutex<Told>>);

#[derive(Default)]
struct Told {
    asked: Vec<Domain>,
    /// Who refuses, and why.
    refusing: Option<(Domain, EraseUserRefusal)>,
    /// Who doesn't answer.
    silent: Option<Domain>,
}

/// A domain that is asked to forget users, and nothing else.
struct Party(Domain, Answers);

impl CommandHandler for Party {
    type Commands = NotificationCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        _: NotificationCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let (refusal, is_silent) = {
                let mut told = self.1.0.lock().unwrap();
                told.asked.push(self.0);
                let refusal = told.refusing.clone().filter(|(who, _)| *who == self.0).map(|(_, code)| code);
                (refusal, told.silent == Some(self.0))
            };
            match refusal {
                _ if is_silent => {}
                Some(code) => request.refuse::<EraseUser>(connection, code, "as it was told").await?,
                None => request.done::<EraseUser>(connection, EraseUserDone {}).await?,
            }
            Ok(())
        })
    }
}

/// Users with its workers, and the other domains in one database of their own.
struct World {
    fixture: Fixture,
    answers: Answers,
    others: TestDatabase,
    bus_database: TestDatabase,
    bus: Arc<dyn Bus>,
    _running: [Running; 2],
}

impl World {
    async fn new() -> Self {
        let (fixture, bus_database) = (Fixture::new().await, TestDatabase::bus().await);
        let others = TestDatabase::create(crate::NAME, crate::MIGRATIONS).await;
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        let (bus, answers): (Arc<dyn Bus>, _) = (Arc::new(bus), Answers::default());
        let parties = [Domain::Orders, Domain::Payments, Domain::Notifications];
        let workers =
            parties.into_iter().fold(Workers::of(Domain::Orders, others.database(), &bus), |workers, domain| {
                let party = Party(domain, answers.clone());
                workers.with(CommandConsumer::new(others.database().clone(), Arc::clone(&bus), domain, party))
            });
        let users = crate::workers(fixture.database.database(), &bus);
        Self { fixture, answers, others, bus_database, bus, _running: [workers.start(), users.start()] }
    }

    async fn delete(&self) -> Value {
        let query = "mutation { deleteAccount(input: {}) { deletion { status waitingFor asked requestedBy } errors { __typename } } }";
        self.fixture.run(&customer(), query).await["data"]["deleteAccount"].clone()
    }

    async fn deletion(&self) -> Value {
        let query = "{ me { name deletion { status waitingFor asked refusal { service code } } } }";
        self.fixture.run(&customer(), query).await["data"]["me"]["deletion"].clone()
    }

    async fn wait_for(&self, status: &str) -> Value {
        wait_for(status, async || Some(self.deletion().await).filter(|deletion| deletion["status"] == status)).await
    }

    /// The deadline of the deletion under way passes.
    async fn let_time_pass(&self) {
        let client = self.fixture.database.database().bulk_connection().await.unwrap();
        let due = "UPDATE saga SET deadline = clock_timestamp() WHERE deadline IS NOT NULL AND status = 'active'";
        assert_eq!(client.execute(due, &[]).await.unwrap(), 1);
    }

    fn asked(&self) -> Vec<Domain> {
        self.answers.0.lock().unwrap().asked.clone()
    }

    fn set(&self, set: impl FnOnce(&mut Told)) {
        set(&mut self.answers.0.lock().unwrap());
    }

    /// How often all were told that somebody is forgotten.
    async fn erased(&self) -> i64 {
        let client = self.bus_database.database().bulk_connection().await.unwrap();
        let told = "SELECT count(*) FROM log_message JOIN log_topic ON log_topic.id = topic_id \
            WHERE name = 'users/events' AND text LIKE '%supergraph.users.erased.v1%'";
        client.query_one(told, &[]).await.unwrap().get(0)
    }

    async fn actions(&self) -> Vec<String> {
        self.fixture.trail().await.iter().map(|line| line["action"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_forgotten_by_all_in_turn() {
    let world = World::new().await;
    let fixture = &world.fixture;
    fixture
        .run(
            &customer(),
            r#"mutation { updateNotificationPreferences(input: {digest: DAILY}) { errors { __typename } } }"#,
        )
        .await;
    let begun = world.delete().await;
    assert_eq!(begun["deletion"]["requestedBy"], user(seed::CUSTOMER), "{begun}");
    world.wait_for("ERASED").await;
    assert_eq!(world.asked(), [Domain::Orders, Domain::Payments, Domain::Notifications]);

    // Nothing personal is left, and what points to the user still finds it.
    let everything = fixture.everything().await;
    for personal in ["Carla", "carla"] {
        assert!(!everything.contains(personal), "{personal}");
    }
    let query = format!("{{ user(id: \"{}\") {{ name email locale addresses {{ id }} }} }}", user(seed::CUSTOMER));
    let response = fixture.run(&administrator(), &query).await;
    let left = json!({ "name": "Erased user", "email": null, "locale": "und", "addresses": [] });
    assert_eq!(response["data"]["user"], left);
    // Told once, whatever was answered.
    assert_eq!(wait_for("the event", async || Some(world.erased().await).filter(|&told| told > 0)).await, 1);
    let actions = ["DELETION_COMPLETED", "ACCOUNT_ERASED", "DELETION_REQUESTED", "PREFERENCES_CHANGED"];
    assert_eq!(world.actions().await, actions);

    // Whose token is still good gets nowhere with it.
    for mutation in [
        r#"updateProfile(input: {name: "Carla"}) { errors { __typename } }"#,
        r#"updateNotificationPreferences(input: {digest: NONE}) { errors { __typename } }"#,
        r#"addAddress(input: {address: {label: "Home", recipient: "C", street: "S", city: "B", postalCode: "1", country: "DE"}}) { errors { __typename } }"#,
    ] {
        let response = fixture.run(&customer(), &format!("mutation {{ it: {mutation} }}")).await;
        assert_eq!(response["data"]["it"]["errors"][0]["__typename"], "UserNotFoundError", "{response}");
    }
    assert_eq!(world.delete().await["deletion"]["status"], "ERASED", "it has only that one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_before_anything_is_forgotten_leaves_the_account() {
    let world = World::new().await;
    world.set(|told| told.refusing = Some((Domain::Orders, EraseUserRefusal::OpenOrders)));
    let before = world.fixture.run(&customer(), "{ me { name email addresses { id city } } }").await;
    world.delete().await;
    let refused = world.wait_for("REFUSED").await;
    assert_eq!(refused["refusal"], json!({ "service": "orders", "code": "OPEN_ORDERS" }));
    assert_eq!(world.asked(), [Domain::Orders]);
    assert_eq!(world.fixture.run(&customer(), "{ me { name email addresses { id city } } }").await, before);
    assert_eq!(world.actions().await, ["DELETION_REFUSED", "DELETION_REQUESTED"]);
    // And can be asked for again.
    world.set(|told| told.refusing = None);
    assert_eq!(world.delete().await["deletion"]["waitingFor"], "orders");
    world.wait_for("ERASED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_after_something_is_forgotten_is_waited_out() {
    let world = World::new().await;
    world.set(|told| told.refusing = Some((Domain::Payments, EraseUserRefusal::OpenPayments)));
    world.delete().await;
    let postponed = world.wait_for("POSTPONED").await;
    assert_eq!(postponed["refusal"], json!({ "service": "payments", "code": "OPEN_PAYMENTS" }));
    assert_eq!(world.delete().await["deletion"]["status"], "POSTPONED", "there is no second one");
    world.set(|told| told.refusing = None);
    world.let_time_pass().await;
    world.wait_for("ERASED").await;
    let asked = [Domain::Orders, Domain::Payments, Domain::Payments, Domain::Notifications];
    assert_eq!(world.asked(), asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_asked_again_and_named() {
    let world = World::new().await;
    world.set(|told| told.silent = Some(Domain::Notifications));
    world.delete().await;
    for number in 1..3 {
        let is_asked = async || {
            let asked = world.asked().into_iter().filter(|domain| *domain == Domain::Notifications).count();
            (asked == number).then_some(())
        };
        wait_for("another question", is_asked).await;
        world.let_time_pass().await;
    }
    let stuck = world.wait_for("STUCK").await;
    assert_eq!((&stuck["waitingFor"], &stuck["asked"]), (&json!("notifications"), &json!(3)));
    let all_asked = async || (world.asked().len() == 5).then_some(());
    wait_for("the third question", all_asked).await;
    world.set(|told| told.silent = None);
    world.let_time_pass().await;
    world.wait_for("ERASED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_accounts_take_an_administrator_and_a_reason() {
    let world = World::new().await;
    world.set(|told| told.silent = Some(Domain::Orders));
    let fixture = &world.fixture;
    let delete = |who: u64, reason: &str| {
        format!(
            "mutation {{ deleteAccount(input: {{userId: \"{}\" {reason}}}) {{
            deletion {{ status reason }} errors {{ __typename ... on InvalidAccountDeletionError {{ field }} }} }} }}",
            user(who)
        )
    };
    assert_eq!(codes(&fixture.run(&customer(), &delete(3, "")).await), ["FORBIDDEN"]);
    let response = fixture.run(&administrator(), &delete(3, "")).await;
    let invalid = json!([{ "__typename": "InvalidAccountDeletionError", "field": "reason" }]);
    assert_eq!(response["data"]["deleteAccount"]["errors"], invalid);
    let response = fixture.run(&administrator(), &delete(999, r#"reason: "by letter""#)).await;
    assert_eq!(response["data"]["deleteAccount"]["errors"][0]["__typename"], "UserNotFoundError");
    let response = fixture.run(&administrator(), &delete(3, r#"reason: "by letter""#)).await;
    assert_eq!(response["data"]["deleteAccount"]["deletion"], json!({ "status": "ASKING", "reason": "by letter" }));
    // The reason is no business of the user's.
    let query = format!("{{ user(id: \"{}\") {{ deletion {{ reason }} }} }}", user(3));
    assert_eq!(codes(&fixture.run(&Identity::user(user(3)), &query).await), ["FORBIDDEN"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_blocked_by_command_once() {
    let world = World::new().await;
    let block = |number: u64| BlockUser {
        user_id: seed::user_id(number).into(),
        reason: BlockReason::Chargeback,
        payment_id: None,
        order_id: None,
    };
    let ask = async |command: &BlockUser| {
        let mut connection = world.others.database().connection().await.unwrap();
        let id = uuid::Uuid::now_v7();
        send_to(&mut connection, id, &Sender::of(Domain::Payments), command, Domain::Users).await.unwrap();
    };
    for number in [seed::CUSTOMER, seed::CUSTOMER, 999] {
        ask(&block(number)).await;
    }
    let query = format!("{{ user(id: \"{}\") {{ blocked {{ reason }} }} }}", user(seed::CUSTOMER));
    let blocked = async || {
        let response = world.fixture.run(&administrator(), &query).await;
        (response["data"]["user"]["blocked"]["reason"] == "CHARGEBACK").then_some(())
    };
    wait_for("the block", blocked).await;
    let mut replies = world
        .bus
        .subscribe(&wire::topic::Topic::of(Domain::Payments, wire::topic::Purpose::Replies), "test")
        .await
        .unwrap();
    let mut told = Vec::new();
    while told.len() < 3 {
        let some = tokio::time::timeout(kit::testing::WAIT_MAX, replies.next(10)).await.unwrap().unwrap();
        told.extend(some.iter().map(|delivery| delivery.message.text.to_string()));
    }
    let refused = told.iter().filter(|text| text.contains("UNKNOWN_USER")).count();
    assert_eq!(refused, 1, "{told:?}");
    assert_eq!(world.actions().await, ["BLOCKED"]);
    assert_eq!(world.fixture.trail().await[0]["origin"], "commands:payments");
}
