//! What stock and payments answer.

use wire::command::Reply;
use wire::commands::payments::{AuthorisePayment, CapturePayment, RefundPayment, VoidPayment};
use wire::commands::stock::{CommitStock, ReleaseStock, ReserveStock};

use crate::domain::saga::Input;

wire::dispatch! {
    /// All answers that the buying of an order waits for.
    pub enum Replies {
        Reserve(Reply<ReserveStock>),
        Release(Reply<ReleaseStock>),
        Commit(Reply<CommitStock>),
        Authorise(Reply<AuthorisePayment>),
        Capture(Reply<CapturePayment>),
        Void(Reply<VoidPayment>),
        Refund(Reply<RefundPayment>),
    }
}

wire::dispatch! {
    /// All that giving money back for what was returned waits for.
    pub enum RefundReply {
        Refund(Reply<RefundPayment>),
    }
}

impl From<RefundReply> for Input {
    fn from(RefundReply::Refund(reply): RefundReply) -> Self {
        Self::Refund(reply)
    }
}

impl From<Replies> for Input {
    fn from(reply: Replies) -> Self {
        match reply {
            Replies::Reserve(reply) => Self::Reserve(reply),
            Replies::Release(reply) => Self::Release(reply),
            Replies::Commit(reply) => Self::Commit(reply),
            Replies::Authorise(reply) => Self::Authorise(reply),
            Replies::Capture(reply) => Self::Capture(reply),
            Replies::Void(reply) => Self::Void(reply),
            Replies::Refund(reply) => Self::Refund(reply),
        }
    }
}
