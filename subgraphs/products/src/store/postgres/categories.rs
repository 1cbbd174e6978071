//! Categories in PostgreSQL.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kit::database::ReadConnection;

use super::super::schema::category;
use super::super::{Answer, CategoryStore, Saved, StoreError};
use super::{PostgresProducts, json, read_json};
use crate::domain::{CATEGORIES_MAX, Category};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = category, check_for_backend(diesel::pg::Pg))]
struct Row {
    name: String,
    attributes: serde_json::Value,
    is_closed: bool,
    version: i32,
    updated_at: DateTime<Utc>,
}

impl TryFrom<Row> for Category {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let Row { name, attributes, is_closed, version, updated_at } = row;
        let attributes = read_json(attributes, "attributes of a category")?;
        Ok(Self { name, attributes, is_closed, version, updated_at })
    }
}

impl CategoryStore for PostgresProducts {
    fn category_list(&self) -> Answer<'_, Vec<Category>> {
        Box::pin(async move {
            let most = i64::try_from(CATEGORIES_MAX).unwrap_or(i64::MAX);
            let read = async |connection: &mut ReadConnection| {
                let all = category::table.order(category::name).limit(most).select(Row::as_select());
                Ok::<_, StoreError>(all.load(&mut **connection).await?)
            };
            let rows: Vec<Row> = self.database.read(self.freshness, read).await?;
            rows.into_iter().map(Category::try_from).collect()
        })
    }

    fn category_find<'a>(&'a self, name: &'a str) -> Answer<'a, Option<Category>> {
        Box::pin(async move {
            let read = async |connection: &mut ReadConnection| {
                let found = category::table.find(name).select(Row::as_select());
                Ok::<_, StoreError>(found.first(&mut **connection).await.optional()?)
            };
            let row: Option<Row> = self.database.read(self.freshness, read).await?;
            row.map(Category::try_from).transpose()
        })
    }

    fn category_save<'a>(&'a self, saved: &'a Category) -> Answer<'a, Saved> {
        Box::pin(async move {
            let row = Row {
                name: saved.name.clone(),
                attributes: json(&saved.attributes)?,
                is_closed: saved.is_closed,
                version: saved.version,
                updated_at: saved.updated_at,
            };
            let mut connection = self.database.connection().await?;
            let written = if saved.version == 1 {
                diesel::insert_into(category::table)
                    .values(row)
                    .on_conflict_do_nothing()
                    .execute(&mut connection)
                    .await?
            } else {
                let before = category::version.eq(saved.version.saturating_sub(1));
                let rows = category::table.filter(category::name.eq(&saved.name)).filter(before);
                diesel::update(rows).set(row).execute(&mut connection).await?
            };
            if written == 1 {
                return Ok(Saved::Done);
            }
            let version = category::table.find(&saved.name).select(category::version);
            let version: Option<i32> = version.first(&mut connection).await.optional()?;
            Ok(version.map_or(Saved::Missing, Saved::VersionConflict))
        })
    }
}
