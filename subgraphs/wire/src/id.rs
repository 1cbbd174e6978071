//! The ids that events and commands carry, in the form that clients know: `base64url("Order:<uuid>")`.
//!
//! So a webhook's receiver can ask the graph for what an event speaks of, the router can make a representation of an event
//! without knowing how ids are made, and a user's id in an order's place is refused when it is read. A domain has id types
//! of its own, with what its database and its schema need; both are made from the same UUID.
//!
//! There is exactly one form of an id, so that it can be compared as text, be a key and a subject; any other is refused.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// The longest text that is looked at; real ids are 55 to 75 bytes.
pub const ID_BYTES_MAX: usize = 128;

/// The global form of `uuid` as a `type_name`.
#[must_use]
pub fn encode(type_name: &str, uuid: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(format!("{type_name}:{uuid}"))
}

/// The UUID of a `type_name`'s global form, `None` for anything else.
#[must_use]
pub fn decode(type_name: &str, text: &str) -> Option<Uuid> {
    if text.len() > ID_BYTES_MAX {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let uuid = std::str::from_utf8(&bytes).ok()?.strip_prefix(type_name)?.strip_prefix(':')?;
    let uuid = Uuid::try_parse(uuid).ok()?;
    // Other spellings of the same UUID aren't ids.
    (encode(type_name, uuid) == text).then_some(uuid)
}

/// Makes id types; each is named by the GraphQL type that it is an id of.
macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident, $type_name:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The type that the id names.
            pub const TYPE_NAME: &'static str = $type_name;

            /// From the global form; `None` for anything else.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                decode(Self::TYPE_NAME, text).map(Self)
            }

            /// The databases' form.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&encode(Self::TYPE_NAME, self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(formatter, "{}:{}", Self::TYPE_NAME, self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom(concat!("this is no id of a ", $type_name)))
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": concat!("A global id of type `", $type_name, "`."),
                    "type": "string",
                    "pattern": pattern(Self::TYPE_NAME),
                    "examples": [encode(Self::TYPE_NAME, Uuid::from_u128(1))],
                })
            }
        }
    )*};
}

ids! {
    /// A user.
    UserId, "User";
    /// One of a user's addresses.
    AddressId, "Address";
    /// A product.
    ProductId, "Product";
    /// A variant of a product: a size, a colour.
    VariantId, "ProductVariant";
    /// A page of content.
    PageId, "Page";
    /// An order.
    OrderId, "Order";
    /// A reservation of stock.
    ReservationId, "Reservation";
    /// A payment, from its authorisation on.
    PaymentId, "Payment";
    /// One giving back of a payment, in whole or in part.
    RefundId, "Refund";
    /// A payment's withdrawal by the payer's bank.
    ChargebackId, "Chargeback";
    /// What was booked at once in the ledger: entries that sum to zero.
    LedgerTransactionId, "LedgerTransaction";
    /// Something that a user was told.
    NotificationId, "Notification";
    /// An address of a user's own at which a program wants to be told.
    WebhookId, "Webhook";
}

/// What a type's ids look like: the letters that its name makes, then the rest.
fn pattern(type_name: &str) -> String {
    let sample = encode(type_name, Uuid::nil());
    // A letter stands for six bits; the one in which the name's last bits end has others in it.
    let letters = (type_name.len() + 1) * 8 / 6;
    let named: String = sample.chars().take(letters).collect();
    format!("^{named}[A-Za-z0-9_-]{{{}}}$", sample.len() - named.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_through_their_global_form() {
        let id = OrderId::from(Uuid::from_u128(7));
        assert_eq!(OrderId::parse(&id.to_string()), Some(id));
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, r#""T3JkZXI6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDA3""#);
        assert_eq!(serde_json::from_str::<OrderId>(&json).unwrap(), id);
    }

    #[test]
    fn other_types_and_other_spellings_are_refused() {
        let user = UserId::from(Uuid::from_u128(7)).to_string();
        let upper = URL_SAFE_NO_PAD.encode("Order:00000000-0000-0000-0000-00000000000A");
        for text in ["", "7", "é", "T3JkZXI6", &user, &upper, &"A".repeat(10_000)] {
            assert_eq!(OrderId::parse(text), None, "{text}");
            assert!(serde_json::from_value::<OrderId>(text.into()).is_err(), "{text}");
        }
    }

    #[test]
    fn the_pattern_tells_types_apart() {
        assert_eq!(pattern("User"), "^VXNlcj[A-Za-z0-9_-]{49}$");
        assert_eq!(pattern("Order"), "^T3JkZXI6[A-Za-z0-9_-]{48}$");
        assert!(encode("User", Uuid::max()).starts_with("VXNlcj"));
    }
}
