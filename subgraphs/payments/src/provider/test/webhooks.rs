//! What the provider tells of its own accord, and disputes, which begin with the bank.

use chrono::Utc;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::DatabaseError;
use serde_json::json;
use uuid::Uuid;
use wire::events::payments::ChargebackOutcome;
use wire::id::RefundId;

use super::schema::{dispute, payment, refund, webhook};
use super::{Fault, TestProvider};
use crate::webhook::signature::sign;
use crate::webhook::{Secret, WebhookError, Webhooks};

/// Webhooks of one delivery.
const DELIVERY_MAX: i64 = 100;

impl TestProvider {
    /// Notes that something has happened to a payment.
    pub(super) async fn tell(connection: &mut AsyncPgConnection, kind: &str, reference: &str) -> QueryResult<()> {
        let object = match kind {
            "charge.refunded" => json!({ "object": "charge", "payment_intent": reference }),
            _ => json!({ "object": "payment_intent", "id": reference }),
        };
        note(connection, kind, &object.to_string()).await
    }

    /// Delivers what was not delivered yet, signed with `secret`; in order and once, unless it is told otherwise. How many there
    /// were.
    ///
    /// # Errors
    /// One isn't taken; it is delivered again the next time.
    pub async fn deliver(&self, webhooks: &Webhooks, secret: &Secret) -> Result<usize, WebhookError> {
        let mut connection = self.database.connection().await.map_err(WebhookError::Database)?;
        let mut waiting: Vec<(i64, String, String, String)> = webhook::table
            .filter(webhook::delivered_at.is_null())
            .order(webhook::number)
            .limit(DELIVERY_MAX)
            .select((webhook::number, webhook::event, webhook::kind, webhook::object))
            .load(&mut connection)
            .await
            .map_err(DatabaseError::from)?;
        drop(connection);
        if !waiting.is_empty() && self.happens(Fault::OutOfOrderWebhooks).await? {
            waiting.reverse();
        }
        let times = if !waiting.is_empty() && self.happens(Fault::DuplicateWebhooks).await? { 2 } else { 1 };
        for (number, event, kind, object) in &waiting {
            let body = format!(
                r#"{{"id":"{event}","object":"event","type":"{kind}","livemode":false,"data":{{"object":{object}}}}}"#
            );
            for _time in 0..times {
                let now = Utc::now();
                webhooks.receive(&sign(body.as_bytes(), secret, now), body.as_bytes(), now).await?;
            }
            self.delivered(*number).await?;
        }
        Ok(waiting.len())
    }

    /// The payer's bank takes money back. Gives the dispute's name.
    ///
    /// # Errors
    /// There is no such payment; the database fails.
    pub async fn open_dispute(&self, reference: &str, amount_minor: i64) -> Result<String, DatabaseError> {
        let name = format!("dp_{}", Uuid::now_v7().simple());
        let mut connection = self.database.connection().await?;
        let row =
            (dispute::reference.eq(&name), dispute::payment.eq(reference), dispute::amount_minor.eq(amount_minor));
        diesel::insert_into(dispute::table).values(row).execute(&mut connection).await?;
        note(&mut connection, "charge.dispute.created", &disputed(&name)).await?;
        Ok(name)
    }

    /// The bank decides about it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn close_dispute(&self, name: &str, outcome: &ChargebackOutcome) -> Result<(), DatabaseError> {
        let mut connection = self.database.connection().await?;
        let open = dispute::table.find(name).filter(dispute::outcome.is_null());
        diesel::update(open).set(dispute::outcome.eq(outcome.as_str())).execute(&mut connection).await?;
        note(&mut connection, "charge.dispute.closed", &disputed(name)).await?;
        Ok(())
    }

    /// The payer's bank can't take what was given back.
    ///
    /// # Errors
    /// There is no such refund; the database fails.
    pub async fn fail_refund(&self, refund_id: RefundId) -> Result<(), DatabaseError> {
        let mut connection = self.database.connection().await?;
        let made = refund::table.filter(refund::refund_id.eq(refund_id.uuid()));
        let failing = diesel::update(made).set(refund::has_failed.eq(true)).returning(refund::payment);
        let reference: String = failing.get_result(&mut connection).await?;
        let object = json!({ "object": "refund", "payment_intent": reference, "status": "failed" });
        note(&mut connection, "refund.failed", &object.to_string()).await?;
        Ok(())
    }

    /// What is kept is kept no longer.
    ///
    /// # Errors
    /// The database fails.
    pub async fn expire(&self, reference: &str) -> Result<(), DatabaseError> {
        let mut connection = self.database.connection().await?;
        let kept = payment::table.find(reference).filter(payment::state.eq("kept"));
        diesel::update(kept).set(payment::state.eq("gone")).execute(&mut connection).await?;
        Self::tell(&mut connection, "payment_intent.canceled", reference).await?;
        Ok(())
    }

    async fn delivered(&self, number: i64) -> Result<(), DatabaseError> {
        let mut connection = self.database.connection().await?;
        let row = diesel::update(webhook::table.find(number));
        row.set(webhook::delivered_at.eq(Utc::now())).execute(&mut connection).await?;
        Ok(())
    }
}

async fn note(connection: &mut AsyncPgConnection, kind: &str, object: &str) -> QueryResult<()> {
    let event = format!("evt_{}", Uuid::now_v7().simple());
    let row = (webhook::event.eq(event), webhook::kind.eq(kind), webhook::object.eq(object));
    diesel::insert_into(webhook::table).values(row).execute(connection).await?;
    Ok(())
}

fn disputed(name: &str) -> String {
    json!({ "object": "dispute", "id": name }).to_string()
}
