//! The envelope: what CloudEvents 1.0 says of every event, and what we add to follow a matter through all of its messages.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Attribute, Data};
use crate::domain::Domain;

/// What stands before a domain's name in [`Envelope::source`].
const SOURCE_PREFIX: &str = "/supergraph/";

/// One message: a CloudEvent 1.0 with JSON data, or none.
///
/// Its texts have 1 to [`super::ATTRIBUTE_BYTES_MAX`] bytes and no control characters; this is checked when it is read and when it
/// is written. Its data is a JSON text that nobody has looked into, so that what this build doesn't know passes
/// through byte for byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Tells it from all others, and repetitions from new ones. A UUIDv7 in what is ours.
    pub id: String,
    /// Who sent it: `/supergraph/orders`.
    pub source: String,
    /// What it is, by [`super::TypeName`] in what is ours: `supergraph.orders.placed.v1`.
    pub type_name: String,
    /// What it is about, and the key under which it travels: an aggregate's id; for a reply, the saga's.
    pub subject: Option<String>,
    /// When it happened.
    pub time: Option<DateTime<Utc>>,
    /// What `data` is; none means JSON.
    pub data_content_type: Option<String>,
    /// The span in which it happened, as W3C Trace Context writes it.
    pub traceparent: Option<String>,
    /// The aggregate's version that this event made, from 1. On the wire it has twenty digits, so that it sorts as text.
    pub sequence: Option<u64>,
    /// What all messages of one matter have in common: a saga's id.
    pub correlation_id: Option<String>,
    /// The [`Envelope::id`] of the message that brought this one about.
    pub causation_id: Option<String>,
    /// Who wanted it: a user's global id, or `service:<name>`.
    pub actor: Option<String>,
    /// Attributes that have no field here, by name, passed on as they came.
    pub extensions: BTreeMap<String, Attribute>,
    /// What there is to say.
    pub data: Option<Data>,
}

impl Envelope {
    /// Which of our domains sent it; `None` for other sources.
    #[must_use]
    pub fn sender(&self) -> Option<Domain> {
        self.source.strip_prefix(SOURCE_PREFIX).and_then(Domain::parse)
    }

    /// The [`Envelope::source`] of one of our domains.
    #[must_use]
    pub fn source_of(domain: Domain) -> String {
        format!("{SOURCE_PREFIX}{domain}")
    }
}
