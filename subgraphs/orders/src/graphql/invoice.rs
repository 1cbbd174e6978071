//! `type Invoice`, and links to files.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use kit::objects::{LinkTerms, ObjectKey, ObjectStorage};
use kit::{Error, Result, request_data};

use crate::domain::InvoiceView;
use crate::invoicing::number_shown;

/// Where documents are, if anywhere.
pub struct Objects(pub Option<Arc<dyn ObjectStorage>>);

/// An invoice. Whoever makes one of these has checked that the caller may read its order.
pub struct Invoice(pub InvoiceView);

/// The invoice of an order.
#[Object]
impl Invoice {
    /// Its number for people, without gaps, e.g. `INV-00000042`.
    async fn number(&self) -> String {
        number_shown(self.0.number)
    }

    /// When it was made.
    async fn issued_at(&self) -> DateTime<Utc> {
        self.0.issued_at
    }

    /// The document, a PDF; null where files aren't kept. Each time another link.
    async fn document(&self, context: &Context<'_>) -> Result<Option<FileLink>> {
        let name = format!("{}.pdf", number_shown(self.0.number));
        link(context, &self.0.object_key, &name).await
    }
}

/// A link by which a file is fetched, by whoever has it.
#[derive(SimpleObject)]
pub struct FileLink {
    /// Where the file is fetched: a secret until it expires.
    url: String,
    /// Until when; then ask for another one.
    expires_at: DateTime<Utc>,
}

/// A link to an object. Whoever calls this has checked that the caller may read it.
pub async fn link(context: &Context<'_>, key: &ObjectKey, file_name: &str) -> Result<Option<FileLink>> {
    let Some(storage) = &request_data::<Objects>(context)?.0 else { return Ok(None) };
    let link = storage.link(key, &LinkTerms::named(file_name)).await.map_err(Error::internal)?;
    Ok(Some(FileLink { url: link.url, expires_at: link.expires_at }))
}
