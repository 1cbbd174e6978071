//! A reservation's life, and what those are answered who ask again.

use chrono::{DateTime, Utc};
use wire::command::Reply;
use wire::commands::stock::{
    CommitStock, CommitStockDone, CommitStockRefusal, ReleaseStock, ReleaseStockDone, ReleaseStockRefusal,
    ReserveStock, ReserveStockDone, ReserveStockRefusal,
};

use super::Lines;
use crate::{OrderId, ReservationId};

/// How far a reservation has come. All but the first are its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Its pieces are kept.
    Open,
    /// They are sold.
    Committed,
    /// They were let go of, or it was closed before it was made.
    Released,
    /// They were let go of by the clock.
    Expired,
    /// It was never made, and why.
    Refused(ReserveStockRefusal, String),
}

/// A reservation that the books know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// Which.
    pub id: ReservationId,
    /// For which order.
    pub order_id: OrderId,
    /// What of; nothing if it was closed before it was made.
    pub lines: Lines,
    /// Until when its pieces are kept; none if it was closed before it was made.
    pub expires_at: Option<DateTime<Utc>>,
    /// How far it has come.
    pub status: Status,
}

impl Reservation {
    /// What somebody is answered who wants to make it again: the same as at first, as long as that holds.
    #[must_use]
    pub fn asked_again(&self, order_id: OrderId, lines: &Lines) -> Reply<ReserveStock> {
        let refused = |code, text: &str| Reply::Refused { code, text: format!("{} {text}", self.id) };
        if self.order_id != order_id {
            return refused(ReserveStockRefusal::ReservationConflict, "is of another order");
        }
        if !self.lines.is_empty() && self.lines != *lines {
            return refused(ReserveStockRefusal::ReservationConflict, "has other lines");
        }
        match (&self.status, self.expires_at) {
            (Status::Open | Status::Committed, Some(expires_at)) => Reply::Done(ReserveStockDone { expires_at }),
            (Status::Refused(code, text), _) => Reply::Refused { code: code.clone(), text: text.clone() },
            _ => refused(ReserveStockRefusal::ReservationClosed, "is over"),
        }
    }

    /// Whether its pieces are to be let go of; else the answer.
    ///
    /// # Errors
    /// The answer, where nothing is to be done.
    pub fn release(&self, order_id: OrderId) -> Result<(), Reply<ReleaseStock>> {
        let refused = |code, text: &str| Reply::Refused { code, text: format!("{} {text}", self.id) };
        if self.order_id != order_id {
            return Err(refused(ReleaseStockRefusal::ReservationConflict, "is of another order"));
        }
        match self.status {
            Status::Open => Ok(()),
            Status::Committed => Err(refused(ReleaseStockRefusal::AlreadyCommitted, "is committed")),
            Status::Released | Status::Expired | Status::Refused(..) => Err(Reply::Done(ReleaseStockDone {})),
        }
    }

    /// Whether its pieces are to be sold; else the answer.
    ///
    /// # Errors
    /// The answer, where nothing is to be done.
    pub fn commit(&self, order_id: OrderId) -> Result<(), Reply<CommitStock>> {
        let refused = |code, text: &str| Reply::Refused { code, text: format!("{} {text}", self.id) };
        if self.order_id != order_id {
            return Err(refused(CommitStockRefusal::UnknownReservation, "is of another order"));
        }
        match self.status {
            Status::Open => Ok(()),
            Status::Committed => Err(Reply::Done(CommitStockDone {})),
            Status::Released | Status::Expired | Status::Refused(..) => {
                Err(refused(CommitStockRefusal::ReservationClosed, "is over"))
            }
        }
    }
}
