//! HTTP: the adapters that turn POST and GET into a GraphQL request and replies into responses.
//!
//! What a request means is decided in the pipeline; nothing here looks into a document.

pub mod accept;
mod batch;
pub(crate) mod body;
mod compress;
mod content_type;
pub(crate) mod cors;
pub(crate) mod csrf;
mod door;
mod first_bytes;
mod get;
mod handler;
mod health;
pub(crate) mod hosts;
mod multipart;
mod post;
mod respond;
mod resting;
mod routes;
pub mod serve;
mod told;
mod unread;
mod waiting;

pub(crate) use door::Door;
pub(crate) use routes::{metrics_router, router};
pub(crate) use waiting::waiting_router;

#[cfg(test)]
mod tests;
