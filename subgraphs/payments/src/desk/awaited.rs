//! Who waits for the provider's answer to what, or for the end of a dispute.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::command::Request;
use wire::id::PaymentId;

use super::DeskError;
use super::take::{Asked, Order, reply};
use crate::domain::decide::Decision;
use crate::domain::{Payment, PaymentEvent};
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
        let command = serde_json::to_string(asked)?;
        if matches!(asked, Asked::Refund(_)) {
            Self::forget_earlier(connection, payment_id, request, &command).await?;
        }
        let row = (
            awaited::command_id.eq(request.id),
            awaited::payment_id.eq(payment_id.uuid()),
            awaited::request.eq(serde_json::to_string(request)?),
            awaited::command.eq(command),
        );
        diesel::insert_into(awaited::table).values(row).on_conflict_do_nothing().execute(connection).await?;
        Ok(())
    }

    /// Whoever asks for the same refund again waits no longer for an answer to what they asked before: while a dispute is open they ask
    /// every hour, for weeks.
    async fn forget_earlier(
        connection: &mut AsyncPgConnection,
        payment_id: PaymentId,
        request: &Request,
        command: &str,
    ) -> Result<(), DeskError> {
        let same: Vec<String> = awaited::table
            .filter(awaited::payment_id.eq(payment_id.uuid()))
            .filter(awaited::command.eq(command))
            .select(awaited::request)
            .load(connection)
            .await?;
        for known in same {
            let known: Request = serde_json::from_str(&known)?;
            let is_theirs = (known.sender, &known.correlation) == (request.sender, &request.correlation);
            if is_theirs && known.id != request.id {
                diesel::delete(awaited::table.find(known.id)).execute(connection).await?;
            }
        }
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

    /// Answers, if by now there is an answer. Gives what can begin by now: a refund of what the bank had, or another one was to give back.
    /// Nothing else that is asked for begins later than it was asked.
    pub(super) async fn answer(
        self,
        connection: &mut AsyncPgConnection,
        payment: &Payment,
    ) -> Result<Vec<PaymentEvent>, DeskError> {
        match &self.asked {
            Asked::Authorise(order) => drop(self.answer_order(connection, payment, order).await?),
            Asked::Capture(order) => drop(self.answer_order(connection, payment, order).await?),
            Asked::Void(order) => drop(self.answer_order(connection, payment, order).await?),
            Asked::Refund(order) => return self.answer_order(connection, payment, order).await,
        }
        Ok(Vec::new())
    }

    async fn answer_order<O: Order>(
        &self,
        connection: &mut AsyncPgConnection,
        payment: &Payment,
        order: &O,
    ) -> Result<Vec<PaymentEvent>, DeskError> {
        let Decision { events, answer } = order.decide(payment);
        let Some(answer) = answer else { return Ok(events) };
        reply(connection, &self.request, answer).await?;
        diesel::delete(awaited::table.find(self.request.id)).execute(connection).await?;
        Ok(events)
    }
}
