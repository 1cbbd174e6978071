//! What each domain tells the others, on `<domain>/events`.
//!
//! Events say what others need to act without asking back, by ids: an order's event names its customer, so that nobody has to
//! keep a table of whose order is whose. No name, address or e-mail address is in any: who needs one asks the users' service
//! when it is needed, and after an erasure there is nothing to be found in any topic. When it happened, and who wanted it, is on
//! the envelope.
//!
//! What a domain writes to its own event store is its own matter, and may differ from these.

pub mod notifications;
pub mod orders;
pub mod payments;
pub mod products;
pub mod stock;
pub mod users;
