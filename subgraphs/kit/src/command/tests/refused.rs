//! What can't be read is refused or put aside, never dropped.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wire::{
    bus::Message,
    command::{Command, Reply},
    event::{Envelope, Payload, Stamp},
    topic::{Purpose, Topic},
};

use super::*;
use crate::dead_letter::{self, Listed};

/// Of a later build: with another field, and a version for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct NewerRelease {
    reservation_id: ReservationId,
    why: String,
}

/// Of a later build as well.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct CountStock {
    reservation_id: ReservationId,
}

macro_rules! later_command {
    ($type:ty, $name:literal, $version:literal) => {
        impl Payload for $type {
            const DOMAIN: Domain = Domain::Stock;
            const NAME: &'static str = $name;
            const VERSION: u16 = $version;
        }

        impl Command for $type {
            const TARGETS: &'static [Domain] = &[Domain::Stock];
            const REPLY_NAME: &'static str = concat!($name, "-reply");
            type Done = ReleaseStockDone;
            type Refusal = ReserveStockRefusal;

            fn key(&self) -> String {
                self.reservation_id.to_string()
            }
        }
    };
}

later_command!(NewerRelease, "release-stock", 2);
later_command!(CountStock, "count-stock", 1);

/// The sender reads why as it reads any refusal.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_command_and_a_newer_version_are_refused_by_code() {
    let shop = Shop::open().await;
    let (orders, stock) = (shop.service(Domain::Orders).await, shop.service(Domain::Stock).await);
    let reservation_id = ReservationId::from(Uuid::from_u128(1));
    let sender = Sender::of(Domain::Orders);
    let newer = NewerRelease { reservation_id, why: "it is over".to_owned() };
    let newer = send_from(&orders, &sender, &newer).await.to_string();
    let unknown = send_from(&orders, &sender, &CountStock { reservation_id }).await.to_string();
    let sending = orders.start(|workers, _, _| workers);
    let handling = stock.start(|workers, database, bus| {
        workers.with(CommandConsumer::new(database, bus, Domain::Stock, Empty).with_config(quick()))
    });
    let replies = shop.wait_for_messages(Domain::Orders, Purpose::Replies, 2).await;
    sending.stop().await;
    handling.stop().await;
    let to = |id: &str| replies.iter().find(|reply| reply.causation_id.as_deref() == Some(id)).unwrap();
    let Some(Reply::Refused { code, text }) = to(&newer).read::<Reply<NewerRelease>>().unwrap() else { panic!() };
    assert_eq!(
        (code.as_str(), &*text),
        ("NEWER_VERSION", "stock.release-stock has version 2, and this build reads up to 1")
    );
    let Some(Reply::Refused { code, text }) = to(&unknown).read::<Reply<CountStock>>().unwrap() else { panic!() };
    assert_eq!((code.as_str(), &*text), ("UNKNOWN_COMMAND", "stock knows no supergraph.stock.count-stock.v1"));
    assert!(stock.effects().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_answer_is_a_dead_letter() {
    let shop = Shop::open().await;
    let stock = shop.service(Domain::Stock).await;
    let stamp = || Stamp { id: Uuid::now_v7(), time: chrono::Utc::now() };
    let command = Envelope::command(&release(1), Domain::Orders, Uuid::now_v7(), stamp()).unwrap();
    let stranger = Envelope { source: "/elsewhere".to_owned(), id: Uuid::now_v7().to_string(), ..command.clone() };
    let foreign =
        Envelope { type_name: "com.example.do".to_owned(), id: Uuid::now_v7().to_string(), ..command.clone() };
    let data = wire::event::Data::of(&7).unwrap();
    let other = Envelope { data: Some(data), id: Uuid::now_v7().to_string(), ..command.clone() };
    let id = Uuid::now_v7();
    let text = format!(r#"{{"id":"{id}","specversion":"0.3"}}"#);
    let messages = [
        stranger.to_message().unwrap(),
        foreign.to_message().unwrap(),
        other.to_message().unwrap(),
        Message { key: command.subject.as_deref().unwrap().into(), text: text.into() },
        command.to_message().unwrap(),
    ];
    shop.publish(&Topic::of(Domain::Stock, Purpose::Commands), &messages).await;
    let handling = stock.start(|workers, database, bus| {
        workers.with(CommandConsumer::new(database, bus, Domain::Stock, Empty).with_config(quick()))
    });
    // The one behind them is handled.
    stock.wait_for_effects(1).await;
    let replies = shop.wait_for_messages(Domain::Orders, Purpose::Replies, 1).await;
    handling.stop().await;
    assert_eq!(replies.len(), 1);
    let mut connection = stock.database().connection().await.unwrap();
    let letters = dead_letter::list(&mut connection, &Listed::default()).await.unwrap();
    let reasons: Vec<&str> = letters.iter().map(|letter| letter.reason.as_str()).collect();
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    assert_eq!(reasons[0], "never: /elsewhere is nobody to answer to");
    assert!(reasons[1].contains("attribute type"), "{reasons:?}");
    assert!(reasons[2].starts_with("never: the data isn't what its type says"), "{reasons:?}");
    assert!(letters.iter().all(|letter| letter.consumer == "stock.commands" && letter.attempts == 1));
}
