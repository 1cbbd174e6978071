//! Who waits for the provider's answer to what.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::command::Request;
use wire::id::PaymentId;

use super::DeskError;
use super::take::{Asked, Order, reply};
use crate::domain::Payment;
use crate::schema::payment_awaited_reply as awaited;

/// A command that wasn't answered yet.
pub struct Awaited {
    /// Who asked.
    pub request: Request,
    asked: Asked,
}

impl Awaited {
    /// Keeps a command until it can be answered.
    pub(super) async fn add(
        connection: &mut AsyncPgConnection,
        payment_id: PaymentId,
        request: &Request,
        asked: &Asked,
    ) -> Result<(), DeskError> {
        let row = (
            awaited::command_id.eq(request.id),
            awaited::payment_id.eq(payment_id.uuid()),
            awaited::request.eq(serde_json::to_string(request)?),
            awaited::command.eq(serde_json::to_string(asked)?),
        );
        diesel::insert_into(awaited::table).values(row).on_conflict_do_nothing().execute(connection).await?;
        Ok(())
    }

    /// All that wait for something about a payment, the first one first.
    pub(super) async fn list(
        connection: &mut AsyncPgConnection,
        payment_id: PaymentId,
    ) -> Result<Vec<Self>, DeskError> {
        let rows: Vec<(String, String)> = awaited::table
            .filter(awaited::payment_id.eq(payment_id.uuid()))
            // Ids say nothing of time: sagas make theirs of their own. Here they only tell those of one moment apart.
            .order((awaited::asked_at, awaited::command_id))
            .select((awaited::request, awaited::command))
            .load(connection)
            .await?;
        let read = |(request, command): (String, String)| {
            Ok(Self { request: serde_json::from_str(&request)?, asked: serde_json::from_str(&command)? })
        };
        rows.into_iter().map(read).collect()
    }

    /// Answers, if by now there is an answer.
    pub(super) async fn answer(self, connection: &mut AsyncPgConnection, payment: &Payment) -> Result<(), DeskError> {
        match &self.asked {
            Asked::Authorise(order) => self.answer_order(connection, payment, order).await,
            Asked::Capture(order) => self.answer_order(connection, payment, order).await,
            Asked::Void(order) => self.answer_order(connection, payment, order).await,
            Asked::Refund(order) => self.answer_order(connection, payment, order).await,
        }
    }

    async fn answer_order<O: Order>(
        &self,
        connection: &mut AsyncPgConnection,
        payment: &Payment,
        order: &O,
    ) -> Result<(), DeskError> {
        let Some(answer) = order.decide(payment).answer else { return Ok(()) };
        reply(connection, &self.request, answer).await?;
        diesel::delete(awaited::table.find(self.request.id)).execute(connection).await?;
        Ok(())
    }
}
