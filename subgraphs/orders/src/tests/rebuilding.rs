//! The read model is equal to the byte, however often and in whichever order messages come again, and when it is made anew.

use std::collections::BTreeMap;
use std::collections::VecDeque;

use kit::projection::{Generation, rebuild, status};
use kit::testing::wait_for;
use wire::Domain;
use wire::bus::Message;
use wire::topic::{Purpose, Topic};

use super::buying::Busy;
use crate::projection::OrderList;

/// How often each message comes again.
const TIMES: usize = 10;

/// All of the read model, and how many events there are.
async fn dump(busy: &Busy) -> String {
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let mut text = String::new();
    for (table, order) in [("entry", "id"), ("line", "order_id, position"), ("history", "position")] {
        let rows =
            format!("SELECT string_agg(listed::text, E'\\n' ORDER BY {order}) FROM order_list.{table} AS listed");
        text.push_str(&client.query_one(&rows, &[]).await.unwrap().get::<_, Option<String>>(0).unwrap_or_default());
    }
    let events: i64 = client.query_one("SELECT position FROM event_head", &[]).await.unwrap().get(0);
    text + &events.to_string()
}

async fn until_projected(busy: &Busy) {
    let settled = async || {
        let mut connection = busy.shop.database.database().connection().await.unwrap();
        match &*status(&mut connection).await.unwrap() {
            [live] if live.generation == Generation::Live && live.behind() == 0 => Some(()),
            _ => None,
        }
    };
    wait_for("the read model to settle", settled).await;
}

/// Everything on a topic.
async fn all(busy: &Busy, topic: &Topic) -> Vec<Message> {
    let mut subscription = busy.others.bus.subscribe(topic, "test.all").await.unwrap();
    let mut messages = Vec::new();
    // Nobody is at work any more: what there is comes at once.
    while let Ok(next) = tokio::time::timeout(std::time::Duration::from_millis(500), subscription.next(256)).await {
        messages.extend(next.unwrap().into_iter().map(|delivery| delivery.message));
    }
    messages
}

/// Each as often as said, those of one key in their order.
fn shuffled(messages: &[Message]) -> Vec<Message> {
    let mut shuffled = Vec::new();
    for _ in 0..TIMES {
        let mut keys: BTreeMap<&str, VecDeque<&Message>> = BTreeMap::new();
        for message in messages {
            keys.entry(&message.key).or_default().push_back(message);
        }
        let mut keys: Vec<_> = keys.into_values().collect();
        let mut random = kit::seed::random("shuffle", shuffled.len() as u64);
        while !keys.is_empty() {
            let index = random.usize(..keys.len());
            match keys[index].pop_front() {
                Some(message) => shuffled.push(message.clone()),
                None => drop(keys.swap_remove(index)),
            }
        }
    }
    shuffled
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_times_and_shuffled_is_equal_to_the_byte() {
    let busy = Busy::open().await;
    for number in 0..12 {
        let method = if number % 3 == 0 { "tok_declined" } else { "tok_visa" };
        busy.place(&format!("k{number}"), method, &[(3, 1), (7, number + 1)]).await;
    }
    busy.until_settled().await;
    until_projected(&busy).await;
    let before = dump(&busy).await;

    let replies = Topic::of(Domain::Orders, Purpose::Replies);
    let messages = all(&busy, &replies).await;
    // Reserved, authorised, captured and sold; or reserved, declined and released.
    assert_eq!(messages.len(), 8 * 4 + 4 * 3);
    let again = shuffled(&messages);
    assert_eq!(again.len(), messages.len() * TIMES);
    busy.others.bus.publish(&replies, &again).await.unwrap();
    // Whoever answers comes behind all of that, in every partition.
    for number in 0..24 {
        let last = busy.place(&format!("last{number}"), "tok_visa", &[(500, 1)]).await;
        busy.until(&last, "CANCELLED").await;
    }
    until_projected(&busy).await;
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let later = "SELECT count(*) FROM event WHERE stream_id IN (SELECT order_id FROM placement WHERE idempotency_key LIKE 'last%')";
    let later: i64 = client.query_one(later, &[]).await.unwrap().get(0);
    assert_eq!(later, 48, "placed and cancelled");
    client
        .batch_execute(
            "DELETE FROM order_list.line WHERE order_id IN (SELECT order_id FROM placement WHERE idempotency_key LIKE 'last%'); \
             DELETE FROM order_list.history WHERE order_id IN (SELECT order_id FROM placement WHERE idempotency_key LIKE 'last%'); \
             DELETE FROM order_list.entry WHERE id IN (SELECT order_id FROM placement WHERE idempotency_key LIKE 'last%'); \
             UPDATE event_head SET position = position - 48",
        )
        .await
        .unwrap();
    assert_eq!(dump(&busy).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn made_anew_it_is_equal_to_the_byte() {
    let busy = Busy::open().await;
    for number in 0..6 {
        busy.place(&format!("k{number}"), "tok_visa", &[(3, 1)]).await;
    }
    busy.until_settled().await;
    until_projected(&busy).await;
    let before = dump(&busy).await;
    rebuild(busy.shop.database.database(), &OrderList).await.unwrap();
    until_projected(&busy).await;
    assert_eq!(dump(&busy).await, before);
}
