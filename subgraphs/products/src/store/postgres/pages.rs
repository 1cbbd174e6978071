//! Pages in PostgreSQL.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::ReadConnection;
use kit::paging::Direction;
use kit::{GlobalId, PageRequest};
use uuid::Uuid;
use wire::bus::Message;

use super::super::schema::page;
use super::super::{Answer, PageStore, Saved, StoreError};
use super::{PostgresProducts, json, read_json, taken_is_an_answer, tell};
use crate::PageId;
use crate::domain::{Page, PageStatus};

#[derive(AsChangeset, Insertable, Queryable, Selectable)]
#[diesel(table_name = page, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    slug: String,
    title: String,
    blocks: serde_json::Value,
    status: String,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl TryFrom<Row> for Page {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let Row { id, slug, title, blocks, status, version, created_at, updated_at } = row;
        let status = PageStatus::parse(&status).ok_or(StoreError::Corrupt("status of a page"))?;
        let blocks = read_json(blocks, "blocks of a page")?;
        Ok(Self { id: PageId::from_uuid(id), slug, title, blocks, status, version, created_at, updated_at })
    }
}

impl PageStore for PostgresProducts {
    fn page_list_by_id<'a>(&'a self, ids: &'a [PageId]) -> Answer<'a, Vec<Page>> {
        Box::pin(async move {
            let ids: Vec<Uuid> = ids.iter().map(PageId::uuid).collect();
            let read = async |connection: &mut ReadConnection| {
                let found = page::table.filter(page::id.eq_any(&ids)).select(Row::as_select());
                Ok::<_, StoreError>(found.load(&mut **connection).await?)
            };
            let rows: Vec<Row> = self.database.read(self.freshness, read).await?;
            rows.into_iter().map(Page::try_from).collect()
        })
    }

    fn page_find_by_slug<'a>(&'a self, slug: &'a str) -> Answer<'a, Option<Page>> {
        Box::pin(async move {
            let read = async |connection: &mut ReadConnection| {
                let found = page::table.filter(page::slug.eq(slug)).select(Row::as_select());
                Ok::<_, StoreError>(found.first(&mut **connection).await.optional()?)
            };
            let row: Option<Row> = self.database.read(self.freshness, read).await?;
            row.map(Page::try_from).transpose()
        })
    }

    fn page_list<'a>(&'a self, status: Option<PageStatus>, request: &'a PageRequest<String>) -> Answer<'a, Vec<Page>> {
        Box::pin(async move {
            let read = async |connection: &mut ReadConnection| list(connection, status, request).await;
            self.database.read(self.freshness, read).await
        })
    }

    fn page_save<'a>(&'a self, saved: &'a Page, messages: &'a [Message]) -> Answer<'a, Saved> {
        Box::pin(async move {
            let saving = self.database.unit(async |connection| save(connection, saved, messages).await);
            taken_is_an_answer(saving.await)
        })
    }
}

async fn list(
    connection: &mut AsyncPgConnection,
    status: Option<PageStatus>,
    request: &PageRequest<String>,
) -> Result<Vec<Page>, StoreError> {
    let mut query = page::table.into_boxed();
    if let Some(status) = status {
        query = query.filter(page::status.eq(status.as_str()));
    }
    if let Some(slug) = &request.after {
        query = query.filter(page::slug.gt(slug));
    }
    if let Some(slug) = &request.before {
        query = query.filter(page::slug.lt(slug));
    }
    let query = match request.direction {
        Direction::Forward => query.order(page::slug.asc()),
        Direction::Backward => query.order(page::slug.desc()),
    };
    let rows: Vec<Row> = query.limit(request.rows_max()).select(Row::as_select()).load(connection).await?;
    rows.into_iter().map(Page::try_from).collect()
}

async fn save(connection: &mut AsyncPgConnection, saved: &Page, messages: &[Message]) -> Result<Saved, StoreError> {
    let row = Row {
        id: saved.id.uuid(),
        slug: saved.slug.clone(),
        title: saved.title.clone(),
        blocks: json(&saved.blocks)?,
        status: saved.status.as_str().to_owned(),
        version: saved.version,
        created_at: saved.created_at,
        updated_at: saved.updated_at,
    };
    let written = if saved.version == 1 {
        diesel::insert_into(page::table).values(row).execute(connection).await?
    } else {
        let before = page::version.eq(saved.version.saturating_sub(1));
        let rows = page::table.filter(page::id.eq(saved.id.uuid())).filter(before);
        diesel::update(rows).set(row).execute(connection).await?
    };
    if written == 1 {
        tell(connection, messages).await?;
        return Ok(Saved::Done);
    }
    let version = page::table.find(saved.id.uuid()).select(page::version);
    let version: Option<i32> = version.first(connection).await.optional()?;
    Ok(version.map_or(Saved::Missing, Saved::VersionConflict))
}
