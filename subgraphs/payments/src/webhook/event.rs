//! What of a Stripe event is read: its id, its type, and the names of what it is about.
//!
//! <https://docs.stripe.com/api/events/object>

use serde::Deserialize;
use serde_json::Value;

use crate::settling::Subject;

/// A signed event.
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    pub id: String,
    #[serde(rename = "type")]
    kind: String,
    data: Data,
}

#[derive(Debug, Deserialize)]
struct Data {
    object: Value,
}

/// Bytes of an object's name: Stripe says at most 255.
const NAME_BYTES_MAX: usize = 255;

impl Event {
    /// What it is about; `None` for types that say nothing about payments of ours, and for objects without a name.
    pub(super) fn subject(&self) -> Option<Subject> {
        let family = |prefix: &str| self.kind.starts_with(prefix);
        if family("charge.dispute.") {
            return self.name("id").map(Subject::Dispute);
        }
        if family("payment_intent.") {
            return self.name("id").map(Subject::Payment);
        }
        // Of a refund, and of a charge that was refunded, the payment is what we know.
        if family("refund.") || family("charge.refund") {
            return self.name("payment_intent").map(Subject::Refunds);
        }
        None
    }

    fn name(&self, field: &str) -> Option<String> {
        let name = self.data.object.get(field)?.as_str()?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let is_ours = (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(is_name);
        is_ours.then(|| name.to_owned())
    }
}
