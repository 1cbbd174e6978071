//! Where a payment stands, in one word.

use super::{CaptureState, Payment, Stage};

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaymentStatus {
    /// The provider hasn't answered yet.
    Requested,
    /// The bank keeps the amount.
    Authorised,
    /// The money was taken.
    Captured,
    /// A part of it was given back.
    PartiallyRefunded,
    /// All of it was given back.
    Refunded,
    /// The bank took money back, and nobody has decided about it, or it keeps it.
    Disputed,
    /// Nobody paid.
    Declined,
    /// It was let go of.
    Voided,
}

impl PaymentStatus {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Requested,
        Self::Authorised,
        Self::Captured,
        Self::PartiallyRefunded,
        Self::Refunded,
        Self::Disputed,
        Self::Declined,
        Self::Voided,
    ];

    /// Its name in the read model.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Authorised => "authorised",
            Self::Captured => "captured",
            Self::PartiallyRefunded => "partially-refunded",
            Self::Refunded => "refunded",
            Self::Disputed => "disputed",
            Self::Declined => "declined",
            Self::Voided => "voided",
        }
    }
}

impl Payment {
    /// Where it stands; `None` for what was never asked for.
    #[must_use]
    pub fn status(&self) -> Option<PaymentStatus> {
        self.terms.as_ref()?;
        Some(match &self.stage {
            Stage::Unknown | Stage::Requested => PaymentStatus::Requested,
            Stage::Declined => PaymentStatus::Declined,
            Stage::Voided => PaymentStatus::Voided,
            Stage::Authorised { .. } => match &self.capture {
                Some(capture) if matches!(capture.state, CaptureState::Captured(_)) => self.status_of_captured(),
                _ => PaymentStatus::Authorised,
            },
        })
    }

    fn status_of_captured(&self) -> PaymentStatus {
        if self.disputed_minor() > 0 {
            return PaymentStatus::Disputed;
        }
        match self.refunded_minor() {
            0 => PaymentStatus::Captured,
            refunded if refunded < self.captured_minor() => PaymentStatus::PartiallyRefunded,
            _ => PaymentStatus::Refunded,
        }
    }
}
