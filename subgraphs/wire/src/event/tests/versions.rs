//! One event type as three builds know it, each reading what the others wrote.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::stamp;
use crate::domain::Domain;
use crate::event::{Envelope, Event, Payload, ReadError, UpcastError};
use crate::money::{Currency, Money};

/// As the first build knows it: a price without a currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct WeighedV1 {
    parcel: String,
    postage_cents: i64,
}

/// As the second one does: with the currency that all had until then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct WeighedV2 {
    parcel: String,
    postage: Money,
}

/// As the third one does: with what was always the same for the earlier ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct WeighedV3 {
    parcel: String,
    postage: Money,
    parts: u32,
}

fn upcast_first(data: Value) -> Result<Value, UpcastError> {
    let WeighedV1 { parcel, postage_cents } = serde_json::from_value(data)?;
    Ok(serde_json::to_value(WeighedV2 { parcel, postage: Money::new(postage_cents, Currency::EUR) })?)
}

fn upcast_second(data: Value) -> Result<Value, UpcastError> {
    let WeighedV2 { parcel, postage } = serde_json::from_value(data)?;
    Ok(serde_json::to_value(WeighedV3 { parcel, postage, parts: 1 })?)
}

macro_rules! weighed {
    ($type:ident, $version:literal, $($from:literal => $upcast:ident),*) => {
        impl Payload for $type {
            const DOMAIN: Domain = Domain::Orders;
            const NAME: &'static str = "weighed";
            const VERSION: u16 = $version;

            fn upcast(version: u16, data: Value) -> Result<Value, UpcastError> {
                let _ = &data;
                match version {
                    $($from => $upcast(data),)*
                    _ => Err(UpcastError::Unknown(version)),
                }
            }
        }

        impl Event for $type {
            fn subject(&self) -> String {
                self.parcel.clone()
            }
        }
    };
}

weighed!(WeighedV1, 1,);
weighed!(WeighedV2, 2, 1 => upcast_first);
weighed!(WeighedV3, 3, 1 => upcast_first, 2 => upcast_second);

crate::dispatch! {
    /// What the first build's consumer knows.
    enum Known {
        Weighed(WeighedV1),
    }
}

fn first() -> Envelope {
    Envelope::event(&WeighedV1 { parcel: "p".to_owned(), postage_cents: 499 }, stamp(1)).unwrap()
}

fn third() -> Envelope {
    let weighed = WeighedV3 { parcel: "p".to_owned(), postage: Money::new(499, Currency::EUR), parts: 2 };
    Envelope::event(&weighed, stamp(1)).unwrap()
}

#[test]
fn newer_code_reads_every_older_version() {
    let postage = Money::new(499, Currency::EUR);
    let parcel = || "p".to_owned();
    assert_eq!(first().read().unwrap(), Some(WeighedV2 { parcel: parcel(), postage }));
    assert_eq!(first().read().unwrap(), Some(WeighedV3 { parcel: parcel(), postage, parts: 1 }));
    assert_eq!(third().read().unwrap(), Some(WeighedV3 { parcel: parcel(), postage, parts: 2 }));
}

#[test]
fn older_code_puts_a_newer_version_aside() {
    let text = third().to_text().unwrap();
    let received = Envelope::parse(&text).unwrap();
    let error = Known::read(&received).unwrap_err();
    assert!(matches!(&error, ReadError::Newer { name, version: 3, known: 1 } if name == "orders.weighed"), "{error:?}");
    assert_eq!(error.to_string(), "orders.weighed has version 3, and this build reads up to 1");
    // It can be kept, and handed on to code that knows it.
    assert_eq!(received.to_text().unwrap(), text);
}

#[test]
fn older_code_reads_its_own_version_with_more_fields() {
    let text = first().to_text().unwrap().replace("\"postage_cents\":499", "\"postage_cents\":499,\"fragile\":true");
    let received = Envelope::parse(&text).unwrap();
    assert_eq!(received.read().unwrap(), Some(WeighedV1 { parcel: "p".to_owned(), postage_cents: 499 }));
    assert_eq!(received.to_text().unwrap(), text);
}

#[test]
fn data_that_is_not_of_its_version_is_told_with_the_step() {
    let broken = |text: &str| Envelope::parse(&first().to_text().unwrap().replace("499", text)).unwrap();
    assert!(matches!(broken("null").read::<WeighedV1>(), Err(ReadError::Data(_))));
    let error = broken("null").read::<WeighedV3>().unwrap_err();
    assert!(matches!(error, ReadError::Upcast { version: 1, source: UpcastError::Data(_) }), "{error:?}");
}

#[test]
fn a_version_that_no_way_leads_from_is_told() {
    /// A build that forgot the first version.
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    struct Forgetful {}

    crate::event::payload!(Forgetful, Orders, "weighed", 2);

    let error = first().read::<Forgetful>().unwrap_err();
    assert!(matches!(error, ReadError::Upcast { version: 1, source: UpcastError::Unknown(1) }), "{error:?}");
}

#[test]
fn each_version_is_another_one_by_the_check_too() {
    let schemas = [schema::<WeighedV1>(), schema::<WeighedV2>(), schema::<WeighedV3>()];
    for (older, newer) in schemas.iter().zip(&schemas[1..]) {
        assert!(!crate::schema::compatibility::differences(older, newer).is_empty());
    }
    assert_eq!(schemas[0]["title"], json!("supergraph.orders.weighed.v1"));
}

fn schema<P: Payload>() -> Value {
    crate::schema::Type::of::<P>().schema()
}

/// Whoever reads an envelope by a type says of every version of it that it is one's, and of nothing else.
#[test]
fn a_type_is_known_in_whichever_version() {
    use crate::event::Dispatch as _;

    for text in ["supergraph.orders.weighed.v1", "supergraph.orders.weighed.v3", "supergraph.orders.weighed.v65535"] {
        assert!(WeighedV1::is_named(text) && WeighedV3::is_named(text) && Known::knows(text), "{text}");
    }
    for text in
        ["supergraph.stock.weighed.v1", "supergraph.orders.paid.v1", "supergraph.orders.weighed.v0", "weighed", ""]
    {
        assert!(!WeighedV3::is_named(text) && !Known::knows(text), "{text}");
    }
    assert!(crate::schema::is_known("supergraph.orders.paid.v2"));
    assert!(!crate::schema::is_known("supergraph.orders.weighed.v1") && !crate::schema::is_known("paid"));
}
