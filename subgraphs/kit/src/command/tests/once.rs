//! However often a command comes, it works once and is answered once.

use wire::{
    command::Reply,
    commands::{stock::ReserveStock, users::EraseUser},
    id::UserId,
    topic::{Purpose, Topic},
};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_command_works_once_and_is_answered_once() {
    let shop = Shop::open().await;
    let (orders, stock) = (shop.service(Domain::Orders).await, shop.service(Domain::Stock).await);
    let sending = orders.start(|workers, _, _| workers);
    let handling = stock.start(|workers, database, bus| {
        let consumer = CommandConsumer::new(database, bus, Domain::Stock, Empty).with_config(quick());
        workers.with(consumer)
    });
    let sender = Sender {
        correlation: Some("saga-7".to_owned()),
        cause: Some("click-1".to_owned()),
        actor: Some("service:test".to_owned()),
        ..Sender::of(Domain::Orders)
    };
    let reserved = send_from(&orders, &sender, &reserve(1)).await;
    let released = send_from(&orders, &Sender::of(Domain::Orders), &release(2)).await;
    shop.wait_for_messages(Domain::Orders, Purpose::Replies, 2).await;
    // As a bus does that isn't sure, and a relay that was killed.
    let commands = shop.messages(Domain::Stock, Purpose::Commands).await;
    for _ in 0..5 {
        shop.publish(&Topic::of(Domain::Stock, Purpose::Commands), &commands).await;
    }
    shop.wait_until_quiet(&[&orders, &stock]).await;
    let replies = shop.wait_for_messages(Domain::Orders, Purpose::Replies, 2).await;
    sending.stop().await;
    handling.stop().await;
    let mut effects = stock.effects().await;
    effects.sort();
    assert_eq!(effects, [format!("release {}", Uuid::from_u128(2)), format!("reserve {}", Uuid::from_u128(1))]);
    assert_eq!(replies.len(), 2);

    let reply = replies.iter().find(|reply| reply.causation_id == Some(reserved.to_string())).unwrap();
    assert_eq!((reply.subject.as_deref(), reply.correlation_id.as_deref()), (Some("saga-7"), Some("saga-7")));
    assert_eq!((reply.sender(), reply.actor.as_deref()), (Some(Domain::Stock), Some("service:test")));
    let refused = Reply::Refused { code: ReserveStockRefusal::OutOfStock, text: "sold out".to_owned() };
    assert_eq!(reply.read::<Reply<ReserveStock>>().unwrap(), Some(refused));

    // A matter of its own.
    let reply = replies.iter().find(|reply| reply.causation_id == Some(released.to_string())).unwrap();
    assert_eq!(reply.correlation_id, Some(released.to_string()));
    assert_eq!(reply.read::<Reply<ReleaseStock>>().unwrap(), Some(Reply::Done(ReleaseStockDone {})));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_target_gets_the_command_and_a_rolled_back_one_nobody() {
    let shop = Shop::open().await;
    let users = shop.service(Domain::Users).await;
    let erase = EraseUser { user_id: UserId::from(Uuid::from_u128(3)) };
    let sender = Sender::of(Domain::Users);
    let failed = users.database().unit(async |connection| {
        send(connection, &sender, &erase).await?;
        Err::<(), _>(CommandError::Database(diesel::result::Error::RollbackTransaction.into()))
    });
    assert!(failed.await.is_err());
    assert_eq!(users.outbox_waiting().await, 0);
    let id = send_from(&users, &sender, &erase).await;
    let sending = users.start(|workers, _, _| workers);
    for target in [Domain::Users, Domain::Orders, Domain::Payments, Domain::Notifications] {
        let commands = shop.wait_for_messages(target, Purpose::Commands, 1).await;
        assert_eq!(commands.len(), 1);
        assert_eq!((&commands[0].id, commands[0].sender()), (&id.to_string(), Some(Domain::Users)));
        assert_eq!(commands[0].subject, Some(erase.user_id.to_string()));
        assert_eq!(commands[0].read::<EraseUser>().unwrap().as_ref(), Some(&erase));
    }
    sending.stop().await;
}
