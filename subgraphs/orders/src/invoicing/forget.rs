//! Has the documents of a forgotten customer's invoices taken away, however many there are.
//!
//! A lot of them is one transaction, which leaves them out of what is still to be done: so an attempt that is broken off has done its
//! part. The moment a customer is forgotten nobody is shown a link to them any more.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::database::DatabaseError;
use kit::job::{JobLimits, Leased, NewJob, Progress, RunAt, enqueue};
use kit::{GlobalId as _, JobError, JobHandler};
use serde::{Deserialize, Serialize};

use crate::UserId;
use crate::store::{OrderStore, invoice_forget};

/// Jobs that forget invoices, each under its customer's id.
pub const KIND: &str = "orders.forget-invoices";
/// Documents of one lot: a statement each, some tenths of a second.
const LOT: u32 = 200;

/// Whose.
#[derive(Debug, Serialize, Deserialize)]
pub struct Payload {
    customer_id: UserId,
}

/// Has the documents of a customer's invoices taken away, in the transaction that forgets the customer.
///
/// # Errors
/// [`DatabaseError`].
pub async fn want(connection: &mut AsyncPgConnection, customer_id: UserId) -> Result<(), DatabaseError> {
    let key = customer_id.uuid().to_string();
    enqueue(connection, &NewJob { kind: KIND, key: &key, payload: Payload { customer_id }, run_at: RunAt::Now })
        .await?;
    Ok(())
}

/// Has them taken away.
pub struct ForgetInvoices(pub OrderStore);

impl ForgetInvoices {
    async fn forget(&self, job: &Leased, customer: UserId) -> Result<(), JobError> {
        let mut done = job.resume().and_then(|done| done.parse().ok()).unwrap_or(0_u64);
        loop {
            let lot = self.0.invoice_list_to_forget(customer, LOT).await?;
            if lot.is_empty() {
                return Ok(());
            }
            done = done.saturating_add(u64::try_from(lot.len()).unwrap_or(u64::MAX));
            let progress = Progress { done, total: None, resume: Some(done.to_string()) };
            job.step(&progress, async |connection| Ok(invoice_forget(connection, &lot).await?)).await?;
        }
    }
}

impl JobHandler for ForgetInvoices {
    type Payload = Payload;
    const KIND: &'static str = KIND;

    /// One at once: nobody waits for it. Some hundred thousand documents are an attempt.
    fn limits(&self) -> JobLimits {
        JobLimits { at_once: 1, ..JobLimits::default() }
    }

    fn run<'a>(&'a self, job: &'a Leased, payload: Payload) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.forget(job, payload.customer_id))
    }
}
