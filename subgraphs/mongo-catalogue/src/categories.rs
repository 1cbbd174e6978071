//! Categories in MongoDB.

use ::products::domain::{CATEGORIES_MAX, Category};
use ::products::store::{Answer, CategoryStore, Saved};
use futures::TryStreamExt as _;
use mongodb::bson::{doc, serialize_to_document};

use crate::MongoCatalogue;
use crate::documents::CategoryDocument;
use crate::error::{failed, is_duplicate, refused};

impl CategoryStore for MongoCatalogue {
    fn category_list(&self) -> Answer<'_, Vec<Category>> {
        Box::pin(async move {
            let most = i64::try_from(CATEGORIES_MAX).unwrap_or(i64::MAX);
            let categories = self.categories().await?;
            let query = categories.find(doc! {}).sort(doc! { "_id": 1 }).limit(most);
            let found: Vec<CategoryDocument> = query.await.map_err(failed)?.try_collect().await.map_err(failed)?;
            found.into_iter().map(Category::try_from).collect()
        })
    }

    fn category_find<'a>(&'a self, name: &'a str) -> Answer<'a, Option<Category>> {
        Box::pin(async move {
            let found = self.categories().await?.find_one(doc! { "_id": name }).await.map_err(failed)?;
            found.map(Category::try_from).transpose()
        })
    }

    fn category_save<'a>(&'a self, category: &'a Category) -> Answer<'a, Saved> {
        Box::pin(async move {
            let document = CategoryDocument::from(category);
            if category.version > 1 {
                let fields = serialize_to_document(&document).map_err(refused)?;
                return self.save("categories", fields, category.version, &[]).await;
            }
            match self.categories().await?.insert_one(document).await {
                Ok(_) => Ok(Saved::Done),
                Err(error) if is_duplicate(&error) => {
                    let known = self.category_find(&category.name).await?;
                    Ok(known.map_or(Saved::Missing, |known| Saved::VersionConflict(known.version)))
                }
                Err(error) => Err(failed(error)),
            }
        })
    }
}
