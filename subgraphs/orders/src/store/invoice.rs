//! Invoices: their numbers, and where their documents are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::{sql_query, sql_types};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::event_store::load;
use kit::objects::ObjectKey;
use kit::{GlobalId, JobError};
use uuid::Uuid;

use super::schema::{self, invoice};
use super::{OrderStore, StoreError, address, customer};
use crate::domain::{Address, InvoiceView, Order};
use crate::{OrderId, UserId, invoicing};

/// Takes the next number for an order that has none: in the order of the lock of the one row.
const NUMBER: &str = "WITH next AS (UPDATE invoice_number SET last = last + 1 RETURNING last) \
    INSERT INTO invoice (order_id, number, customer_id, issued_at) SELECT $1, last, $2, now() FROM next";

/// Those of some orders that have no invoice, or one of a customer who is forgotten, and will never have a document again.
const UNWANTED: &str = "SELECT asked.id FROM unnest($1) AS asked (id) WHERE NOT EXISTS (SELECT FROM invoice \
    LEFT JOIN customer ON customer.id = invoice.customer_id WHERE invoice.order_id = asked.id AND erased_at IS NULL)";

#[derive(QueryableByName)]
struct Unwanted {
    #[diesel(sql_type = sql_types::Uuid)]
    id: Uuid,
}

/// What an invoice says.
pub struct InvoiceTerms {
    /// Its number.
    pub number: i64,
    /// When it got it.
    pub issued_at: DateTime<Utc>,
    /// The order.
    pub order: Order,
    /// Where that goes.
    pub address: Option<Address>,
}

/// Where an invoice's document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Of which order.
    order_id: Uuid,
    /// The object, as it is stored.
    object_key: String,
}

/// Why an invoice can't be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoInvoice {
    /// There is no such order.
    NotFound,
    /// It isn't paid.
    NotPaid,
    /// Its customer is forgotten.
    CustomerErased,
}

impl OrderStore {
    /// Gives a paid order's invoice its number, unless it has one, and reads what it says. `None` once its customer is forgotten. One
    /// transaction.
    ///
    /// # Errors
    /// The database fails; [`StoreError::Corrupt`] if the order isn't paid, which whoever wants an invoice has made sure of.
    pub async fn invoice_begin(&self, id: OrderId) -> Result<Option<InvoiceTerms>, StoreError> {
        self.database.unit(async |connection| begin_in_txn(connection, id).await).await
    }

    /// The invoices of those of `ids` that have a document, which nobody has whose customer is forgotten. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn invoice_list_by_order(&self, ids: &[OrderId]) -> Result<HashMap<OrderId, InvoiceView>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(OrderId::uuid).collect();
        let mut connection = self.database.connection().await?;
        let rows: Vec<(Uuid, i64, DateTime<Utc>, Option<String>)> = invoice::table
            .left_join(schema::customer::table.on(schema::customer::id.eq(invoice::customer_id)))
            .filter(schema::customer::erased_at.is_null())
            .filter(invoice::order_id.eq_any(ids))
            .filter(invoice::object_key.is_not_null())
            .select((invoice::order_id, invoice::number, invoice::issued_at, invoice::object_key))
            .load(&mut connection)
            .await?;
        let view = |(id, number, issued_at, key): (Uuid, i64, DateTime<Utc>, Option<String>)| {
            let object_key = key.and_then(|key| ObjectKey::parse(&key)).ok_or(StoreError::Corrupt("object key"))?;
            Ok((OrderId::from_uuid(id), InvoiceView { number, issued_at, object_key }))
        };
        rows.into_iter().map(view).collect()
    }

    /// Those of `ids` whose invoices must have no document. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn invoice_list_unwanted(&self, ids: &[OrderId]) -> Result<Vec<OrderId>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(OrderId::uuid).collect();
        let unwanted = sql_query(UNWANTED).bind::<sql_types::Array<sql_types::Uuid>, _>(ids);
        let rows: Vec<Unwanted> = unwanted.load(&mut self.database.connection().await?).await?;
        Ok(rows.into_iter().map(|row| OrderId::from_uuid(row.id)).collect())
    }

    /// Some of the documents of a forgotten customer's invoices that are to be taken away. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn invoice_list_to_forget(&self, customer: UserId, limit: u32) -> Result<Vec<Document>, StoreError> {
        let rows: Vec<(Uuid, Option<String>)> = invoice::table
            .filter(invoice::customer_id.eq(customer.uuid()))
            .filter(invoice::object_key.is_not_null())
            .select((invoice::order_id, invoice::object_key))
            .limit(i64::from(limit))
            .load(&mut self.database.connection().await?)
            .await?;
        let document = |(order_id, key): (Uuid, Option<String>)| Some(Document { order_id, object_key: key? });
        Ok(rows.into_iter().filter_map(document).collect())
    }

    /// Has an order's invoice made, if it can have one. One transaction.
    ///
    /// # Errors
    /// The database fails.
    pub async fn invoice_want(&self, id: OrderId) -> Result<Result<(), NoInvoice>, StoreError> {
        self.database
            .unit(async |connection| {
                let order = load::<Order>(connection, id.uuid()).await?;
                let state = order.state();
                if state.placed.is_none() {
                    return Ok(Err(NoInvoice::NotFound));
                }
                if state.payment_id.is_none() {
                    return Ok(Err(NoInvoice::NotPaid));
                }
                // Without a lock: of who is forgotten a moment later, none is made either.
                if let Some(customer_id) = state.customer_id
                    && customer::is_erased(connection, customer_id).await?
                {
                    return Ok(Err(NoInvoice::CustomerErased));
                }
                invoicing::want(connection, id).await?;
                Ok::<_, StoreError>(Ok(()))
            })
            .await
    }
}

/// Notes where an invoice's document is, in the transaction that ends its making. `false` if its customer was forgotten meanwhile: then
/// there must be none.
///
/// # Errors
/// The database's.
pub async fn invoice_keep(connection: &mut AsyncPgConnection, id: OrderId, key: &ObjectKey) -> Result<bool, JobError> {
    let of: Uuid = invoice::table.find(id.uuid()).select(invoice::customer_id).first(connection).await?;
    // Whoever forgets a customer has the same lock.
    if customer::lock(connection, UserId::from_uuid(of)).await?.erased_at.is_some() {
        return Ok(false);
    }
    let keep = diesel::update(invoice::table.find(id.uuid())).set(invoice::object_key.eq(key.as_str()));
    keep.execute(connection).await?;
    Ok(true)
}

/// Has the documents of a customer's invoices taken away, if there are any.
pub async fn forget(connection: &mut AsyncPgConnection, id: UserId) -> Result<(), StoreError> {
    let kept = invoice::table.filter(invoice::customer_id.eq(id.uuid())).filter(invoice::object_key.is_not_null());
    if diesel::select(diesel::dsl::exists(kept)).get_result(connection).await? {
        invoicing::forget::want(connection, id).await?;
    }
    Ok(())
}

/// Has these documents of a forgotten customer's invoices taken away, a statement each; the numbers stay.
///
/// # Errors
/// [`StoreError`].
pub async fn invoice_forget(connection: &mut AsyncPgConnection, documents: &[Document]) -> Result<(), StoreError> {
    for Document { order_id, object_key } in documents {
        match ObjectKey::parse(object_key) {
            Some(key) => invoicing::remove::want(connection, &key).await?,
            // Nothing can be kept under such a key, and the others are to go all the same.
            None => tracing::warn!(order = %order_id, "an invoice's document has no object's key"),
        }
    }
    let orders: Vec<Uuid> = documents.iter().map(|document| document.order_id).collect();
    let forget = diesel::update(invoice::table.filter(invoice::order_id.eq_any(orders)));
    forget.set(invoice::object_key.eq(None::<String>)).execute(connection).await?;
    Ok(())
}

async fn begin_in_txn(connection: &mut AsyncPgConnection, id: OrderId) -> Result<Option<InvoiceTerms>, StoreError> {
    let order = load::<Order>(connection, id.uuid()).await?.state().clone();
    let (Some(customer_id), Some(_paid)) = (order.customer_id, order.payment_id) else {
        return Err(StoreError::Corrupt("payment"));
    };
    if customer::lock(connection, customer_id).await?.erased_at.is_some() {
        return Ok(None);
    }
    let numbered = invoice::table.find(id.uuid()).select((invoice::number, invoice::issued_at));
    let known: Option<(i64, DateTime<Utc>)> = numbered.first(connection).await.optional()?;
    let (number, issued_at) = match known {
        Some(known) => known,
        None => {
            let take = sql_query(NUMBER).bind::<sql_types::Uuid, _>(id.uuid());
            take.bind::<sql_types::Uuid, _>(customer_id.uuid()).execute(connection).await?;
            numbered.first(connection).await?
        }
    };
    let address = address::find(connection, id).await?;
    Ok(Some(InvoiceTerms { number, issued_at, order, address }))
}
