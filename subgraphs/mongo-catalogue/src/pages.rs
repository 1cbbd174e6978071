//! Pages in MongoDB.

use ::products::PageId;
use ::products::domain::{Page, PageStatus};
use ::products::store::{Answer, PageStore, Saved};
use futures::TryStreamExt as _;
use kit::paging::Direction;
use kit::{GlobalId, PageRequest};
use mongodb::bson::{Document, doc, serialize_to_document};
use wire::bus::Message;

use crate::MongoCatalogue;
use crate::documents::PageDocument;
use crate::error::{failed, is_duplicate, refused};
use crate::products::waiting;

impl PageStore for MongoCatalogue {
    fn page_list_by_id<'a>(&'a self, ids: &'a [PageId]) -> Answer<'a, Vec<Page>> {
        Box::pin(async move {
            let ids: Vec<String> = ids.iter().map(|id| id.uuid().to_string()).collect();
            let found = self.pages().await?.find(doc! { "_id": { "$in": ids } }).await.map_err(failed)?;
            let found: Vec<PageDocument> = found.try_collect().await.map_err(failed)?;
            found.into_iter().map(Page::try_from).collect()
        })
    }

    fn page_find_by_slug<'a>(&'a self, slug: &'a str) -> Answer<'a, Option<Page>> {
        Box::pin(async move {
            let found = self.pages().await?.find_one(doc! { "slug": slug }).await.map_err(failed)?;
            found.map(Page::try_from).transpose()
        })
    }

    fn page_list<'a>(&'a self, status: Option<PageStatus>, request: &'a PageRequest<String>) -> Answer<'a, Vec<Page>> {
        Box::pin(async move {
            let mut all = vec![doc! {}];
            if let Some(status) = status {
                all.push(doc! { "status": status.as_str() });
            }
            if let Some(slug) = &request.after {
                all.push(doc! { "slug": { "$gt": slug } });
            }
            if let Some(slug) = &request.before {
                all.push(doc! { "slug": { "$lt": slug } });
            }
            let turn = if request.direction == Direction::Forward { 1 } else { -1 };
            let pages = self.pages().await?;
            let query = pages.find(doc! { "$and": all }).sort(doc! { "slug": turn });
            let found = query.limit(request.rows_max()).await.map_err(failed)?;
            let found: Vec<PageDocument> = found.try_collect().await.map_err(failed)?;
            found.into_iter().map(Page::try_from).collect()
        })
    }

    fn page_save<'a>(&'a self, page: &'a Page, messages: &'a [Message]) -> Answer<'a, Saved> {
        Box::pin(async move {
            let mut document = serialize_to_document(&PageDocument::from(page)).map_err(refused)?;
            if page.version > 1 {
                return self.save("pages", document, page.version, messages).await;
            }
            document.insert("pending", waiting(messages)?);
            match self.collection::<Document>("pages").await?.insert_one(document).await {
                Ok(_) => Ok(Saved::Done),
                Err(error) if is_duplicate(&error) => Ok(Saved::Taken),
                Err(error) => Err(failed(error)),
            }
        })
    }
}
