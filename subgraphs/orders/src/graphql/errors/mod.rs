//! The refusals of orders, as typed errors of mutation payloads.

mod changing;
mod documents;
mod placing;
mod refunding;

pub use changing::*;
pub use documents::*;
pub use placing::*;
pub use refunding::*;

use crate::domain::Article;
use crate::{ProductId, VariantId};

/// As clients are told of it.
fn ids(article: Option<Article>) -> (Option<ProductId>, Option<VariantId>) {
    (article.map(|article| article.product_id), article.and_then(|article| article.variant_id))
}
