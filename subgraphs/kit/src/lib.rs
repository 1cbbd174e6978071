//! What every subgraph shares: ids, money, paging, errors, the caller, the
//! database, messages that leave and arrive ([`outbox`], [`consumer`]), what has
//! happened and what is made of it ([`event_store`], [`projection`]), work in the
//! background ([`job`]), what is done once under a key ([`idempotency`]),
//! questions between services ([`internal`]), batch loading through a [`cache`],
//! replicas for who hasn't just written ([`recent_writers`]), serving and seeding.
//!
//! A domain crate writes its types and rules and nothing else; whatever two
//! domains would both write is here once. It must never know a domain, nor the
//! router.
//!
//! # Conventions that all subgraphs follow
//!
//! **Mutation payloads.** `doThing(input: DoThingInput!): DoThingPayload`,
//! nullable so that one refused field leaves the others of an operation alone;
//! the payload carries a nullable result and the domain's refusals:
//!
//! ```graphql
//! type UpdateProfilePayload {
//!   user: User
//!   errors: [UpdateProfileError!]!
//! }
//! union UpdateProfileError = InvalidProfileError | UserNotFoundError
//! type InvalidProfileError { message: String!  field: String! }
//! ```
//!
//! `errors` is empty exactly when the result isn't null. Every member has
//! `message: String!`. Error types are named after their domain, so that no two
//! subgraphs define the same one. What isn't the domain's refusal (no
//! identity, not allowed, a malformed id, a fault of ours) is a GraphQL error
//! with a code from [`wire::codes`].
//!
//! **Resolvers** return [`Result`], take the caller with [`Caller::from_context`]
//! and ask it before they read. Entity resolvers return [`Entity`], so that one
//! refused or missing entity leaves the others alone, take their keys as `ID`
//! and batch through a [`loader`].
//!
//! **Shared types** ([`Money`], [`PageInfo`], the scalars) are `@shareable` and
//! come from here alone.

pub mod cache;
pub mod caller;
pub mod command;
pub mod consumer;
pub mod database;
pub mod dead_letter;
pub mod entity;
mod envelope;
pub mod error;
pub mod event_store;
pub mod federation_sdl;
pub mod id;
pub mod idempotency;
pub mod inbox;
pub mod internal;
pub mod job;
mod key_hash;
pub mod loader;
pub mod log_bus;
pub mod metrics;
pub mod money;
pub mod objects;
mod outage;
pub mod outbox;
pub mod paging;
mod panic_text;
pub mod projection;
pub mod reads;
pub mod recent_writers;
pub mod saga;
pub mod scalar;
pub mod seed;
pub mod subgraph;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod tls;
pub mod trace;
pub mod worker;

pub use cache::Cache;
pub use caller::Caller;
pub use command::{CommandConsumer, CommandHandler};
pub use consumer::{Consumer, Group, Handler, HandlerError};
pub use database::{Database, describe};
pub use entity::Entity;
pub use error::{Error, Result, leave_out, request_data};
pub use id::GlobalId;
pub use internal::InternalClient;
pub use job::{JobError, JobHandler, JobRunner};
pub use loader::{Batch, Loader};
pub use log_bus::LogBus;
pub use metrics::{Metrics, ServiceMetrics};
pub use money::{Money, MoneyInput};
pub use paging::{Connection, Edge, PageBound, PageInfo, PageRequest};
pub use reads::Reads;
pub use scalar::{BigInt, CountryCode, CurrencyCode};
pub use subgraph::{Access, Root, SdlAccess, Subgraph, SubgraphBuilder, count_rows};
pub use worker::Workers;

#[doc(hidden)]
pub mod reexport {
    //! What the macros' expansions name.
    pub use async_graphql;
    pub use diesel;
    pub use futures::future::join_all;
    pub use serde;
    pub use serde_json;
    pub use uuid;
}
