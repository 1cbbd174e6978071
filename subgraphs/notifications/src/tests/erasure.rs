//! Forgetting users.

use std::sync::Arc;

use kit::{
    Database, LogBus,
    command::{Sender, send},
    log_bus::LogBusConfig,
    outbox::Relay,
    testing::{TestDatabase, wait_for},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::{
    Domain,
    bus::Bus,
    command::Reply,
    commands::users::EraseUser,
    event::Envelope,
    events::users::UserErased,
    topic::{Purpose, Topic},
};

use super::{House, JOBS, event, inbox, nodes, placed, reader, receiver::Receiver};

/// What is left of a user.
const LEFT: &str = "SELECT (SELECT count(*) FROM notification) + (SELECT count(*) FROM delivery) \
    + (SELECT count(*) FROM delivery_item) + (SELECT count(*) FROM webhook)";

async fn known(house: &House, receiver: &Receiver) -> Uuid {
    let user = house.user(2, &["IN_APP", "EMAIL", "WEBHOOK"]);
    let register = format!("mutation {{ registerWebhook(input: {{ url: \"{}\" }}) {{ secret }} }}", receiver.url());
    house.ask(&reader(user), &register, serde_json::json!({})).await;
    receiver.answer(500);
    for number in 1..=3 {
        house.hear(&placed(user, number)).await;
        if number < 3 {
            house.work().await;
        }
    }
    user
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_user_leaves_nothing_and_gets_nothing() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let user = known(&house, &receiver).await;
    let mails = house.mail.taken().len();
    let erased = event(&UserErased { user_id: user.into() });
    house.hear(&erased).await;
    house.hear(&erased).await;
    assert_eq!(house.count(LEFT).await, 0);
    // What was under way, and what comes late, finds nobody.
    let called = receiver.called().len();
    house.hear(&placed(user, 4)).await;
    house.hurry().await;
    house.work().await;
    assert_eq!((house.mail.taken().len(), receiver.called().len(), house.count(LEFT).await), (mails, called, 0));
    assert_eq!(house.count("SELECT count(*) FROM job WHERE finished_at IS NULL").await, 0);
    assert_eq!(nodes(&inbox(&house, user).await).len(), 0);
    for (mutation, name) in [
        (format!("registerWebhook(input: {{ url: \"{}\" }})", receiver.url()), "registerWebhook"),
        ("markAllNotificationsRead".to_owned(), "markAllNotificationsRead"),
    ] {
        let query = format!("mutation {{ {mutation} {{ errors {{ __typename }} }} }}");
        let answer = house.ask(&reader(user), &query, serde_json::json!({})).await;
        assert_eq!(answer["data"][name]["errors"][0]["__typename"], "InboxClosedError", "{answer}");
    }
}

/// Over the bus, as the users' service asks.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_is_answered_once_it_is_done() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let user = known(&house, &receiver).await;
    let (bus_database, users) = (TestDatabase::bus().await, TestDatabase::create("users", crate::MIGRATIONS).await);
    let bus: Arc<dyn Bus> =
        Arc::new(LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap());
    let running = crate::workers(house.database.database(), &bus, house.ways.clone(), JOBS).start();
    let command = ask_to_erase(users.database(), user).await;
    let stop = CancellationToken::new();
    let relay = tokio::spawn(Relay::new(users.database().clone(), Arc::clone(&bus)).run(stop.clone()));
    let replies = Topic::new("users", Purpose::Replies).unwrap();
    let mut subscription = bus.subscribe(&replies, "users.test").await.unwrap();
    let reply = tokio::time::timeout(kit::testing::WAIT_MAX, subscription.next(1)).await.unwrap().unwrap();
    let envelope = Envelope::parse(&reply[0].message.text).unwrap();
    assert_eq!(envelope.causation_id, Some(command.to_string()));
    assert!(matches!(envelope.read::<Reply<EraseUser>>().unwrap(), Some(Reply::Done(_))));
    wait_for("nothing to be left", async || (house.count(LEFT).await == 0).then_some(())).await;
    stop.cancel();
    relay.await.unwrap();
    running.stop().await;
}

async fn ask_to_erase(users: &Database, user: Uuid) -> Uuid {
    users
        .unit(async |connection| {
            send(connection, &Sender::of(Domain::Users), &EraseUser { user_id: user.into() }).await
        })
        .await
        .unwrap()
}
