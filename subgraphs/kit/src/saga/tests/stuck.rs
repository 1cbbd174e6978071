//! A saga that can't go on.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::{
    Domain,
    event::{Envelope, Event as _, Stamp},
    events::users::UserErased,
    id::UserId,
};

use super::{
    super::{
        Context, Effects, Input, Listed, Listing, Nothing, Runner, Saga, SagaError, Status, Step, Told, forget, list,
        retry, skip, tell,
    },
    world::config,
};
use crate::{
    command::tests::shop::{Service, Shop, effect},
    consumer::HandlerError,
    event_store::Metadata,
    testing::wait_for,
    worker::Running,
};

/// Those that are of a build with a fault.
static BROKEN: Mutex<BTreeSet<Uuid>> = Mutex::new(BTreeSet::new());

fn broken<T>(look: impl FnOnce(&mut BTreeSet<Uuid>) -> T) -> T {
    look(&mut BROKEN.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Counts what it hears: an erasure is 1, and a local input what it says. Ends at 100, wakes at once at 50.
#[derive(Serialize, Deserialize)]
pub(super) struct Counter(u32);

wire::dispatch! {
    pub(super) enum Heard {
        Erased(UserErased),
    }
}

impl Saga for Counter {
    const KIND: &'static str = "counter";
    const DOMAIN: Domain = Domain::Orders;
    type State = Self;
    type Local = u32;
    type Events = Heard;
    type Replies = Nothing;
    type Effect = u32;

    fn on(state: Option<Self>, input: Input<Self>, context: &Context) -> Result<Step<Self>, SagaError> {
        let heard = match input {
            Input::Local(more) => more,
            Input::Event(Heard::Erased(_)) => 1,
            Input::Deadline => 7,
            Input::Reply { reply, .. } => match reply {},
        };
        // It isn't pure, for the test's sake: another build is deployed by taking it out.
        if state.is_some() && broken(|broken| broken.contains(&context.id)) {
            match heard {
                1 => panic!("beyond its powers"),
                _ => return Err(SagaError::new("a build with a fault")),
            }
        }
        let sum = state.map_or(0, |Self(sum)| sum) + heard;
        Ok(match sum {
            100.. => Step::end(Self(sum)).effect(heard),
            50 => Step::to(Self(sum)).effect(heard).deadline(context.now),
            _ => Step::to(Self(sum)).effect(heard),
        })
    }

    fn saga_of(Heard::Erased(erased): &Heard) -> Option<Uuid> {
        Some(erased.user_id.uuid())
    }
}

impl Effects for Counter {
    fn apply<'a>(
        connection: &'a mut AsyncPgConnection,
        heard: u32,
        _: &'a Context,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            effect(connection, &format!("{heard}")).await?;
            if heard == 13 {
                return Err(HandlerError::poison("the rules forbid it"));
            }
            Ok(())
        })
    }
}

struct Counting {
    shop: Shop,
    orders: Service,
    id: Uuid,
}

impl Counting {
    /// One that was begun by an event.
    async fn begun() -> (Self, Running) {
        let shop = Shop::open().await;
        let orders = shop.service(Domain::Orders).await;
        let runner = Runner::<Counter>::new(orders.database().clone(), shop.bus()).with_config(config());
        let running = orders.start(|workers, _, _| workers.with(runner.clone()).with(runner));
        let counting = Self { shop, orders, id: Uuid::now_v7() };
        counting.erase().await;
        counting.wait(Status::Active, 0).await;
        (counting, running)
    }

    async fn erase(&self) {
        let event = UserErased { user_id: UserId::from(self.id) };
        let event = Envelope::event(&event, Stamp { id: Uuid::now_v7(), time: Utc::now() }).unwrap();
        self.shop.publish(&UserErased::topic(), &[event.to_message().unwrap()]).await;
    }

    async fn tell(&self, more: u32) -> Told {
        let metadata = Metadata::default();
        let telling =
            async |connection: &mut AsyncPgConnection| tell::<Counter>(connection, self.id, &more, &metadata).await;
        self.orders.database().unit(telling).await.unwrap()
    }

    /// Waits until it is doing so, with so much kept for it.
    async fn wait(&self, status: Status, kept: u64) -> Listing {
        wait_for("a status", async || {
            let mut connection = self.orders.database().connection().await.unwrap();
            let listed = Listed { kind: Some("counter".to_owned()), status: Some(status), ..Listed::default() };
            let sagas = list(&mut connection, &listed).await.unwrap();
            sagas.into_iter().find(|saga| saga.kept == kept)
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stuck_saga_hears_is_kept_in_order_until_it_is_retried() {
    let (counting, running) = Counting::begun().await;
    let (database, id) = (counting.orders.database(), counting.id);
    assert_eq!(counting.tell(2).await, Told::Heard);
    broken(|broken| broken.insert(id));
    counting.erase().await;
    let stuck = counting.wait(Status::Stuck, 1).await;
    assert_eq!(stuck.reason.as_deref(), Some("the saga can't go on: it panicked: beyond its powers"));
    assert_eq!(stuck.version, 2);
    assert_eq!(counting.tell(3).await, Told::Kept);
    counting.erase().await;
    counting.wait(Status::Stuck, 3).await;

    // The fault is still there.
    let before = stuck.updated_at;
    assert!(retry(database, "counter", id).await.unwrap());
    wait_for("another failure", async || {
        let stuck = counting.wait(Status::Stuck, 3).await;
        (stuck.updated_at > before && stuck.reason.is_some()).then_some(())
    })
    .await;

    broken(|broken| broken.remove(&id));
    assert!(retry(database, "counter", id).await.unwrap());
    let active = counting.wait(Status::Active, 0).await;
    assert_eq!((active.version, active.reason), (5, None));
    assert!(!retry(database, "counter", id).await.unwrap());
    assert_eq!(counting.orders.effects().await, ["1", "2", "1", "3", "1"]);

    // Woken, and to the end, after which it hears nothing.
    assert_eq!(counting.tell(42).await, Told::Heard);
    wait_for("its waking", async || (counting.orders.effects().await.len() == 7).then_some(())).await;
    assert_eq!(counting.tell(43).await, Told::Heard);
    assert_eq!(counting.tell(1).await, Told::Ended);
    counting.erase().await;
    counting.shop.wait_until_quiet(&[&counting.orders]).await;
    running.stop().await;
    assert_eq!(counting.orders.effects().await, ["1", "2", "1", "3", "1", "42", "7", "43"]);
    assert_eq!(forget(database, "counter", super::super::AGE_MAX).await.unwrap(), 0);
    let client = database.bulk_connection().await.unwrap();
    client.execute("UPDATE saga SET updated_at = updated_at - interval '91 days'", &[]).await.unwrap();
    assert_eq!(forget(database, "counter", super::super::AGE_MAX).await.unwrap(), 1);
}

/// What it does in its own domain is taken back with the step; one input can be thrown away.
#[tokio::test(flavor = "multi_thread")]
async fn an_effect_that_is_forbidden_takes_its_step_back() {
    let (counting, running) = Counting::begun().await;
    let (database, id) = (counting.orders.database(), counting.id);
    // Who tells it hears of it, and the saga goes on.
    let telling = database.unit(async |connection| tell::<Counter>(connection, id, &13, &Metadata::default()).await);
    assert!(telling.await.is_err());
    assert_eq!(counting.wait(Status::Active, 0).await.version, 1);
    // When it was stuck at that time, it is stuck with it.
    broken(|broken| broken.insert(id));
    counting.erase().await;
    counting.wait(Status::Stuck, 1).await;
    for more in [13, 4] {
        assert_eq!(counting.tell(more).await, Told::Kept);
    }
    broken(|broken| broken.remove(&id));
    assert!(retry(database, "counter", id).await.unwrap());
    let stuck = counting.wait(Status::Stuck, 2).await;
    assert_eq!(stuck.reason.as_deref(), Some("what the saga does: never: the rules forbid it"));
    assert!(skip(database, "counter", id).await.unwrap());
    assert!(retry(database, "counter", id).await.unwrap());
    counting.wait(Status::Active, 0).await;
    assert!(!skip(database, "counter", id).await.unwrap());
    running.stop().await;
    assert_eq!(counting.orders.effects().await, ["1", "1", "4"]);
}

/// The deadline isn't lost either.
#[tokio::test(flavor = "multi_thread")]
async fn a_deadline_that_it_is_stuck_with_passes_again() {
    let (counting, running) = Counting::begun().await;
    let id = counting.id;
    let client = counting.orders.database().bulk_connection().await.unwrap();
    broken(|broken| broken.insert(id));
    client.execute("UPDATE saga SET deadline = now()", &[]).await.unwrap();
    let stuck = counting.wait(Status::Stuck, 0).await;
    assert_eq!(stuck.reason.as_deref(), Some("the saga can't go on: a build with a fault"));
    broken(|broken| broken.remove(&id));
    assert!(retry(counting.orders.database(), "counter", id).await.unwrap());
    wait_for("its waking", async || (counting.orders.effects().await == ["1", "7"]).then_some(())).await;
    let active = counting.wait(Status::Active, 0).await;
    running.stop().await;
    assert_eq!((active.version, active.deadline), (2, None));
}
