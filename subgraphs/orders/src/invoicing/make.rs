//! Makes an invoice: number, document, object; and says that it is there.

use std::sync::Arc;

use documents::invoice::{self, Invoice, Line};
use futures::future::BoxFuture;
use kit::job::Leased;
use kit::objects::{ObjectStorage, put};
use kit::{GlobalId as _, JobError, JobHandler};

use super::{KIND, Payload, number_shown, object_key, remove};
use crate::OrderId;
use crate::domain::order::Terms;
use crate::domain::{self, Address, Order};
use crate::store::{InvoiceTerms, OrderStore, invoice_keep};

/// Who sells.
const SELLER: &str = "Supergraph";

/// Makes invoices.
pub struct MakeInvoice {
    store: OrderStore,
    storage: Arc<dyn ObjectStorage>,
}

impl MakeInvoice {
    /// Of the orders in `store`, into `storage`.
    #[must_use]
    pub fn new(store: OrderStore, storage: Arc<dyn ObjectStorage>) -> Self {
        Self { store, storage }
    }

    async fn make(&self, job: &Leased, order_id: OrderId) -> Result<(), JobError> {
        let key = object_key(order_id).ok_or_else(|| JobError::permanent("no key"))?;
        let Some(terms) = self.store.invoice_begin(order_id).await? else {
            // Forgotten meanwhile: an earlier attempt may have got as far as the object.
            return Ok(self.storage.remove(&key).await?);
        };
        let invoice = invoice(terms).ok_or_else(|| JobError::permanent("the order can't be invoiced"))?;
        // Some milliseconds, which nobody else should wait for.
        let document = tokio::task::spawn_blocking(move || invoice::render(&invoice));
        let document = document.await.map_err(JobError::permanent)?.map_err(JobError::permanent)?;
        put(&*self.storage, &key, document.into()).await?;
        job.finish(async |connection| {
            if !invoice_keep(connection, order_id, &key).await? {
                remove::want(connection, &key).await?;
            }
            Ok::<(), JobError>(())
        })
        .await
    }
}

impl JobHandler for MakeInvoice {
    type Payload = Payload;
    const KIND: &'static str = KIND;

    fn run<'a>(&'a self, job: &'a Leased, payload: Payload) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.make(job, payload.order_id))
    }
}

/// What is invoiced; `None` if it can't be, which no paid order is.
fn invoice(terms: InvoiceTerms) -> Option<Invoice> {
    let InvoiceTerms { number, issued_at, order, address } = terms;
    let placed = placed(&order)?;
    let lines = placed.lines.iter().map(|line| {
        let quantity = i64::from(line.quantity);
        Some(Line {
            name: line.name.clone().unwrap_or_else(|| {
                let id = line.variant_id.map_or(line.product_id.uuid(), |variant| variant.uuid());
                format!("Article {id}")
            }),
            quantity,
            unit_price_minor: line.unit_price_minor,
            amount_minor: line.unit_price_minor.checked_mul(quantity)?,
        })
    });
    Some(Invoice {
        seller: SELLER.to_owned(),
        number: number_shown(number),
        issued_on: issued_at.date_naive(),
        order_number: domain::number_shown(placed.number),
        ordered_on: placed.placed_at.date_naive(),
        address: address.map(address_lines).unwrap_or_default(),
        lines: lines.collect::<Option<_>>()?,
        total_minor: placed.total_minor,
        currency: placed.currency,
    })
}

fn placed(order: &Order) -> Option<&Terms> {
    order.payment_id?;
    order.placed.as_ref()
}

fn address_lines(address: Address) -> Vec<String> {
    let Address { recipient, street, city, postal_code, country } = address;
    vec![recipient, street, format!("{postal_code} {city}"), country.as_str().to_owned()]
}
