//! The rules of telling users something: what is told of which event, by which ways, and when. Pure: no clock, no database, no
//! network.

pub mod contact;
pub mod kind;
pub mod notice;
pub mod plan;
pub mod public_address;
pub mod quiet_hours;
pub mod retry;
pub mod webhook_url;
pub mod zone;

pub use contact::{Category, Contact, Digest, Language};
pub use kind::Kind;
pub use notice::Notice;
pub use plan::{Plan, Situation};
pub use quiet_hours::QuietHours;
pub use webhook_url::{InvalidWebhookUrl, WebhookUrl};
pub use zone::Zone;
