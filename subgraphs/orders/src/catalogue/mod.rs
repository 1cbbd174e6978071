//! The port through which orders learn prices, and its adapter that asks the products subgraph.
//!
//! A client's price is never trusted, so every price in an order comes through here. The adapter
//! knows products only by the shape of one federation query, never by its crate; two transports
//! carry that query: HTTP, and a call within the process.

mod ask;
mod http;
mod in_process;
mod read;

use futures::future::BoxFuture;
use thiserror::Error;

pub use ask::{SubgraphCatalogue, Transport};
pub use http::HttpTransport;
pub use in_process::InProcessTransport;

use crate::domain::{Article, Quote};

/// A catalogue that is asked over HTTP.
pub type HttpCatalogue = SubgraphCatalogue<HttpTransport>;
/// A catalogue that is asked within the process.
pub type InProcessCatalogue = SubgraphCatalogue<InProcessTransport>;

/// Why the catalogue gave no prices. None of these is the customer's fault.
#[derive(Debug, Error)]
pub enum CatalogueError {
    /// The caller's identity could not be signed.
    #[error("the call to the catalogue could not be signed")]
    Signing(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The call did not come through.
    #[error("the catalogue could not be reached")]
    Transport(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The catalogue answered with an HTTP status other than 200.
    #[error("the catalogue answered with status {0}")]
    Status(u16),
    /// The answer was longer than any answer to our question can be.
    #[error("the catalogue's answer exceeded {0} bytes")]
    TooLong(usize),
    /// The answer was not the JSON that the question asks for.
    #[error("the catalogue's answer could not be read: {0}")]
    Malformed(String),
    /// The answer carried GraphQL errors; the text is the first one's.
    #[error("the catalogue refused: {0}")]
    Refused(String),
}

/// Where prices come from.
pub trait Catalogue: Send + Sync {
    /// The prices of those of `articles` that are sold, in any order. Of a variant the quote names the product that it is of, which
    /// needn't be the one that was asked about. At most [`crate::domain::LINES_MAX`] are asked for at once.
    fn quotes<'a>(&'a self, articles: &'a [Article]) -> BoxFuture<'a, Result<Vec<Quote>, CatalogueError>>;
}
