//! The state machine of an order: one table, and nothing that isn't in it happens.
//!
//! ```text
//!           set/remove line
//!              ┌──┐
//!            CART ┘→ PLACED → RESERVED → PAID → PACKED → SHIPPED → DELIVERED → RETURN_REQUESTED → RETURNED → REFUNDED
//!                       └────────┴─────────┴───────┴→ CANCELLED ┐
//!                                                        └──────┘ refund, restock
//! Of all that is reserved or further, money may be given back beside that, or come again, which changes nothing else. But where what
//! comes again was for what came back, REFUNDED is RETURNED once more, until as much is given back by hand.
//! ```

use super::OrderStatus::{self as S};

/// What can be done to an order, or happen to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A line is added or changed.
    SetLine,
    /// A line is taken out.
    RemoveLine,
    /// The customer orders.
    Place,
    /// Stock keeps the pieces.
    Reserve,
    /// The money is taken.
    Pay,
    /// The pieces are in a box.
    Pack,
    /// The box is with a carrier.
    Ship,
    /// The box is with the customer.
    Deliver,
    /// It comes to nothing.
    Cancel,
    /// The customer wants to send something back.
    RequestReturn,
    /// It has come back.
    ReceiveReturn,
    /// Money is given back.
    Refund,
    /// Pieces that were sold already lie on our shelf again, and stock must be told.
    NoteRestock,
    /// Payments has given money back by itself.
    NoteRefund,
    /// What was given back has come again.
    NoteRefundFailed,
    /// What came again was for what came back.
    OweReturn,
    /// It was given back by hand.
    SettleReturn,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::SetLine,
        Self::RemoveLine,
        Self::Place,
        Self::Reserve,
        Self::Pay,
        Self::Pack,
        Self::Ship,
        Self::Deliver,
        Self::Cancel,
        Self::RequestReturn,
        Self::ReceiveReturn,
        Self::Refund,
        Self::NoteRestock,
        Self::NoteRefund,
        Self::NoteRefundFailed,
        Self::OweReturn,
        Self::SettleReturn,
    ];
}

/// From where, by what, to where.
#[rustfmt::skip]
const TABLE: &[(S, Action, S)] = &[
    (S::Cart,            Action::SetLine,       S::Cart),
    (S::Cart,            Action::RemoveLine,    S::Cart),
    (S::Cart,            Action::Place,         S::Placed),
    (S::Placed,          Action::Reserve,       S::Reserved),
    (S::Reserved,        Action::Pay,           S::Paid),
    (S::Paid,            Action::Pack,          S::Packed),
    (S::Packed,          Action::Ship,          S::Shipped),
    (S::Shipped,         Action::Deliver,       S::Delivered),
    (S::Placed,          Action::Cancel,        S::Cancelled),
    (S::Reserved,        Action::Cancel,        S::Cancelled),
    (S::Paid,            Action::Cancel,        S::Cancelled),
    (S::Packed,          Action::Cancel,        S::Cancelled),
    (S::Cancelled,       Action::Refund,        S::Cancelled),
    (S::Cancelled,       Action::NoteRestock,   S::Cancelled),
    (S::Delivered,       Action::RequestReturn, S::ReturnRequested),
    (S::ReturnRequested, Action::ReceiveReturn, S::Returned),
    (S::Returned,        Action::Refund,        S::Refunded),
    (S::Reserved,        Action::NoteRefund,    S::Reserved),
    (S::Paid,            Action::NoteRefund,    S::Paid),
    (S::Packed,          Action::NoteRefund,    S::Packed),
    (S::Shipped,         Action::NoteRefund,    S::Shipped),
    (S::Delivered,       Action::NoteRefund,    S::Delivered),
    (S::Cancelled,       Action::NoteRefund,    S::Cancelled),
    (S::ReturnRequested, Action::NoteRefund,    S::ReturnRequested),
    (S::Returned,        Action::NoteRefund,    S::Returned),
    (S::Refunded,        Action::NoteRefund,    S::Refunded),
    (S::Reserved,        Action::NoteRefundFailed, S::Reserved),
    (S::Paid,            Action::NoteRefundFailed, S::Paid),
    (S::Packed,          Action::NoteRefundFailed, S::Packed),
    (S::Shipped,         Action::NoteRefundFailed, S::Shipped),
    (S::Delivered,       Action::NoteRefundFailed, S::Delivered),
    (S::Cancelled,       Action::NoteRefundFailed, S::Cancelled),
    (S::ReturnRequested, Action::NoteRefundFailed, S::ReturnRequested),
    (S::Returned,        Action::NoteRefundFailed, S::Returned),
    (S::Refunded,        Action::NoteRefundFailed, S::Refunded),
    (S::Refunded,        Action::OweReturn,     S::Returned),
    (S::Returned,        Action::OweReturn,     S::Returned),
    (S::Returned,        Action::SettleReturn,  S::Refunded),
];

/// Where an order stands after `action`; `None` if it can't be done now.
#[must_use]
pub fn next(from: S, action: Action) -> Option<S> {
    TABLE.iter().find(|(at, by, _)| *at == from && *by == action).map(|(_, _, to)| *to)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Action, S, TABLE, next};

    #[test]
    fn an_action_leads_to_one_place() {
        for (from, action, to) in TABLE {
            assert_eq!(next(*from, *action), Some(*to), "{from} {action:?}");
        }
    }

    #[test]
    fn every_status_is_reached_from_the_cart() {
        let mut reached = BTreeSet::from([S::Cart]);
        while let Some(status) = Action::ALL.iter().find_map(|action| {
            reached.iter().filter_map(|from| next(*from, *action)).find(|status| !reached.contains(status))
        }) {
            reached.insert(status);
        }
        assert_eq!(reached, BTreeSet::from(S::ALL));
    }

    #[test]
    fn nothing_that_was_shipped_is_cancelled() {
        let mut shipped = BTreeSet::from([S::Shipped]);
        for _ in S::ALL {
            let next = shipped.iter().flat_map(|from| Action::ALL.iter().filter_map(|action| next(*from, *action)));
            shipped = shipped.iter().copied().chain(next.collect::<Vec<_>>()).collect();
        }
        assert!(!shipped.contains(&S::Cancelled));
        assert!(shipped.iter().all(|status| next(*status, Action::Cancel).is_none()));
    }

    #[test]
    fn only_orders_with_nothing_left_to_do_are_over() {
        for status in S::ALL.into_iter().filter(|status| !status.is_under_way() && *status != S::Cart) {
            // But for money that comes again.
            let actions = Action::ALL.into_iter().filter(|action| *action != Action::OweReturn);
            let on: Vec<_> = actions.filter_map(|action| next(status, action)).collect();
            assert!(on.iter().all(|to| *to == status || *to == S::ReturnRequested), "{status}");
        }
    }
}
