//! Every fault of the provider's, at every question: one charge in the end, and the answer that would have come without it.

use futures::StreamExt as _;

use super::*;
use crate::provider::test::{Charged, Fault};

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_and_outages_charge_once() {
    let till = Till::open().await;
    let running = till.run();
    for fault in [Fault::TimeOut, Fault::Unavailable] {
        let order = authorise(5_000, GOOD);
        till.provider.fail(fault, 2).await.unwrap();
        assert!(till.reply(till.ask(&order).await).await["done"].is_object(), "{fault:?}");
        till.provider.fail(fault, 2).await.unwrap();
        assert!(till.reply(till.ask(&capture(&order, 5_000)).await).await["done"].is_object(), "{fault:?}");
        till.provider.fail(fault, 2).await.unwrap();
        let part = refund(order.payment_id, 1_000);
        assert!(till.reply(till.ask(&part).await).await["done"].is_object(), "{fault:?}");
        let once = Charged { authorisations: 1, captures: 1, captured_minor: 5_000, refunds: 1, refunded_minor: 1_000 };
        assert_eq!(till.provider.charged(order.payment_id).await.unwrap(), once, "{fault:?}");
        let kept = authorise(3_000, GOOD);
        till.reply(till.ask(&kept).await).await;
        till.provider.fail(fault, 2).await.unwrap();
        assert!(till.reply(till.ask(&void(kept.payment_id)).await).await["done"].is_object(), "{fault:?}");
    }
    till.check_books().await;
    running.stop().await;
}

/// A hundred messages that ask for the same, as a broken sender might.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_at_once_charge_once_and_are_answered_alike() {
    let till = Till::open().await;
    let running = till.run();
    let order = authorise(5_000, GOOD);
    // As many at once as a consumer of commands handles.
    let asking = futures::stream::iter((0..100).map(|_| till.ask(&order)));
    let asked: Vec<Uuid> = asking.buffer_unordered(4).collect().await;
    let first = till.reply(asked[0]).await;
    assert!(first["done"].is_object());
    for command in asked {
        assert_eq!(till.reply(command).await, first);
    }
    let charged = till.provider.charged(order.payment_id).await.unwrap();
    assert_eq!(charged.authorisations, 1);
    assert_eq!(till.told(order.payment_id).await, ["authorised.v1"]);
    running.stop().await;
}

/// What somebody asks of a provider that forgets keys, a day later.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_has_forgotten_the_key_of_is_looked_for() {
    let till = Till::open().await;
    let order = authorise(5_000, GOOD);
    let asked = till.ask(&order).await;
    let client = till.database().bulk_connection().await.unwrap();
    // Asked two days ago, and done; its answer never came, and its key is forgotten.
    let age = "SET session_replication_role = replica; \
        UPDATE event SET data = jsonb_set(data::jsonb, '{at}', to_jsonb(now() - interval '2 days'))::text";
    client.batch_execute(age).await.unwrap();
    let question = crate::provider::Authorise {
        payment_id: order.payment_id,
        order_id: order.order_id,
        amount: order.amount,
        method_token: order.method_token.clone(),
    };
    till.provider.authorise("a key of then", &question).await.unwrap();
    let running = till.run();
    assert!(till.reply(asked).await["done"].is_object());
    assert_eq!(till.provider.charged(order.payment_id).await.unwrap().authorisations, 1);
    running.stop().await;
}
