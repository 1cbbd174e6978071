//! From the first step to the last.

use uuid::Uuid;
use wire::{
    Domain,
    topic::{Purpose, Topic},
};

use super::{order, world::World};

/// A few of each fault; two runners share them.
#[tokio::test(flavor = "multi_thread")]
async fn every_failure_is_compensated_and_no_step_is_taken_twice() {
    let world = World::open().await;
    let running = [world.start_orders(2), world.start_stock(), world.start_payments()];
    let ids: Vec<Uuid> = (10..30).map(order).collect();
    for &id in &ids {
        assert!(world.place(id, 600_000).await);
    }
    world.wait_for_ends(ids.len()).await;
    for running in running {
        running.stop().await;
    }
    world.reconcile(&ids).await;
}

/// Commands and replies come again and again, also long after they were handled.
#[tokio::test(flavor = "multi_thread")]
async fn doubled_commands_and_replies_change_nothing() {
    let world = World::open().await;
    let running = [world.start_orders(2), world.start_stock(), world.start_payments()];
    let ids: Vec<Uuid> = (10..20).map(order).collect();
    for &id in &ids {
        assert!(world.place(id, 600_000).await);
    }
    let topics =
        [(Domain::Stock, Purpose::Commands), (Domain::Payments, Purpose::Commands), (Domain::Orders, Purpose::Replies)];
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..5 {
        for (domain, purpose) in topics {
            let mut messages = world.shop.messages(domain, purpose).await;
            // Each once, or they would double with each round.
            messages.sort_by(|one, other| one.text.cmp(&other.text));
            messages.dedup_by(|one, other| one.text == other.text);
            random.shuffle(&mut messages);
            world.shop.publish(&Topic::of(domain, purpose), &messages).await;
        }
    }
    world.wait_for_ends(ids.len()).await;
    for (domain, purpose) in topics {
        let messages = world.shop.messages(domain, purpose).await;
        world.shop.publish(&Topic::of(domain, purpose), &messages).await;
    }
    world.shop.wait_until_quiet(&[&world.orders, &world.stock, &world.payments]).await;
    for running in running {
        running.stop().await;
    }
    world.reconcile(&ids).await;
}
