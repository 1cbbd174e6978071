//! Payments that do what they are asked, but for the faults that an order's number says.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use wire::{
    commands::payments::{
        AuthorisePayment, AuthorisePaymentDone, AuthorisePaymentRefusal, CapturePayment, CapturePaymentDone,
        CapturePaymentRefusal, PaymentCommand, RefundPayment, RefundPaymentDone, RefundPaymentRefusal, VoidPayment,
        VoidPaymentDone, VoidPaymentRefusal,
    },
    id::LedgerTransactionId,
};

use super::{
    purchase::amount,
    things::{set, status},
    world::Fault,
};
use crate::{
    command::{CommandHandler, Request},
    consumer::HandlerError,
};

pub(super) struct Payments;

impl CommandHandler for Payments {
    type Commands = PaymentCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: PaymentCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        let ledger_transaction_id = LedgerTransactionId::from(request.id);
        Box::pin(async move {
            match command {
                PaymentCommand::Authorise(authorise) => {
                    let id = authorise.payment_id.uuid();
                    let code = match (Fault::of(id), &*status(connection, id).await?) {
                        (Fault::Declined, _) => AuthorisePaymentRefusal::Declined,
                        (_, "closed") => AuthorisePaymentRefusal::PaymentClosed,
                        _ => {
                            set(connection, id, "authorised").await?;
                            let done = AuthorisePaymentDone { expires_at: None };
                            return Ok(request.done::<AuthorisePayment>(connection, done).await?);
                        }
                    };
                    Ok(request.refuse::<AuthorisePayment>(connection, code, "no").await?)
                }
                PaymentCommand::Capture(capture) => {
                    let id = capture.payment_id.uuid();
                    if Fault::of(id) == Fault::CaptureDeclined {
                        let code = CapturePaymentRefusal::Declined;
                        return Ok(request.refuse::<CapturePayment>(connection, code, "no").await?);
                    }
                    if status(connection, id).await? != "authorised" {
                        let code = CapturePaymentRefusal::NotAuthorised;
                        return Ok(request.refuse::<CapturePayment>(connection, code, "no").await?);
                    }
                    set(connection, id, "captured").await?;
                    let done = CapturePaymentDone { amount_captured: amount(), ledger_transaction_id };
                    Ok(request.done::<CapturePayment>(connection, done).await?)
                }
                PaymentCommand::Void(void) => {
                    let id = void.payment_id.uuid();
                    if status(connection, id).await? == "captured" {
                        let code = VoidPaymentRefusal::AlreadyCaptured;
                        return Ok(request.refuse::<VoidPayment>(connection, code, "ours").await?);
                    }
                    set(connection, id, "closed").await?;
                    Ok(request.done::<VoidPayment>(connection, VoidPaymentDone {}).await?)
                }
                PaymentCommand::Refund(refund) => {
                    let id = refund.payment_id.uuid();
                    if status(connection, id).await? != "captured" {
                        let code = RefundPaymentRefusal::NotCaptured;
                        return Ok(request.refuse::<RefundPayment>(connection, code, "no").await?);
                    }
                    set(connection, id, "refunded").await?;
                    let done = RefundPaymentDone {
                        amount_refunded: amount(),
                        amount: None,
                        is_rest_open: None,
                        ledger_transaction_id,
                    };
                    Ok(request.done::<RefundPayment>(connection, done).await?)
                }
                PaymentCommand::EraseUser(_) => Err(HandlerError::poison("nobody asks for this")),
            }
        })
    }
}
