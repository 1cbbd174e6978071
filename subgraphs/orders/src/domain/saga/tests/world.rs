//! Models of stock and payments, as their contracts say, and all that can happen between them and a saga.

use std::collections::{BTreeSet, VecDeque};
use std::num::NonZeroU32;

use chrono::DateTime;
use kit::GlobalId;
use uuid::Uuid;
use wire::command::Reply;
use wire::commands::payments::{
    AuthorisePaymentDone, AuthorisePaymentRefusal, CapturePaymentDone, CapturePaymentRefusal, RefundPaymentDone,
    RefundPaymentRefusal, VoidPaymentDone, VoidPaymentRefusal,
};
use wire::commands::stock::{
    CommitStockDone, CommitStockRefusal, ReleaseStockDone, ReleaseStockRefusal, ReserveStockDone, ReserveStockRefusal,
};
use wire::events::orders::CancellationReason;
use wire::money::{Currency, Money};

use super::super::place::{Payment, PlaceOrder, Progress};
use super::super::{Ask, Effect, Input, Step, refund_id};
use crate::domain::OrderStatus;
use crate::domain::order::{Action, next};
use crate::{OrderId, ProductId, UserId};

/// What the order costs, unless it costs nothing.
pub const AMOUNT: i64 = 700;
/// More attempts at a refund than are modelled or tested.
const ATTEMPTS: u32 = 100;
/// Silences in one life: each of four steps can be silent once, or what is undone be asked again.
pub const SILENCES_MAX: u8 = 4;

/// The shop as the saga sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    pub saga: Option<PlaceOrder>,
    pub order: OrderStatus,
    pub refunded: bool,
    pub restock_due: bool,
    pub stock: Stock,
    pub bank: Bank,
    /// The refunds that were refused, by their attempts: none of them is ever made.
    pub refused: BTreeSet<u32>,
    /// What was sent and not handled; what was answered and not heard. In order, each on its own.
    pub to_stock: VecDeque<Asked>,
    pub to_payments: VecDeque<Asked>,
    pub from_stock: VecDeque<Heard>,
    pub from_payments: VecDeque<Heard>,
    pub silences: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stock {
    Unknown,
    Reserved,
    Closed,
    Committed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bank {
    Unknown,
    Authorised,
    Captured,
    Closed,
    /// By the refund of this attempt.
    Refunded(u32),
    /// Not by the saga.
    RefundedByHand,
    /// The payer's bank has it, for now.
    Disputed,
    /// For good.
    ChargedBack,
}

/// [`Ask`] and [`Input`] by name alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    Reserve,
    Release,
    Commit,
    Authorise,
    Capture,
    Void,
    /// By the refund of this attempt.
    Refund(u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Heard {
    Answer(Asked, Option<Code>),
    Cancelled,
    Shipped,
    Silence,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    No,
    Closed,
    AlreadyCommitted,
    AlreadyCaptured,
    NotCaptured,
    NothingLeft,
    ChargedBack,
}

pub fn name(ask: &Ask) -> Asked {
    match ask {
        Ask::Reserve(_) => Asked::Reserve,
        Ask::Release(_) => Asked::Release,
        Ask::Commit(_) => Asked::Commit,
        Ask::Authorise(_) => Asked::Authorise,
        Ask::Capture(_) => Asked::Capture,
        Ask::Void(_) => Asked::Void,
        Ask::Refund(refund) => {
            let attempt = (0..=ATTEMPTS).find(|attempt| refund_id(order_id(), *attempt) == refund.refund_id);
            Asked::Refund(attempt.expect("a refund of the order's"))
        }
    }
}

fn reply<C: wire::command::Command>(done: C::Done, code: Option<C::Refusal>) -> Reply<C> {
    code.map_or(Reply::Done(done), |code| Reply::Refused { code, text: String::new() })
}

pub fn input(heard: Heard) -> Input {
    let money = Money::new(AMOUNT, Currency::EUR);
    let booked = Uuid::from_u128(9).into();
    match heard {
        Heard::Cancelled => Input::Cancel(CancellationReason::Customer),
        Heard::Shipped => Input::OrderShipped,
        Heard::Silence => Input::Deadline,
        Heard::Answer(Asked::Reserve, code) => Input::Reserve(reply(
            ReserveStockDone { expires_at: DateTime::UNIX_EPOCH },
            code.map(|code| match code {
                Code::Closed => ReserveStockRefusal::ReservationClosed,
                _ => ReserveStockRefusal::OutOfStock,
            }),
        )),
        Heard::Answer(Asked::Release, code) => {
            Input::Release(reply(ReleaseStockDone {}, code.map(|_| ReleaseStockRefusal::AlreadyCommitted)))
        }
        Heard::Answer(Asked::Commit, code) => {
            Input::Commit(reply(CommitStockDone {}, code.map(|_| CommitStockRefusal::ReservationClosed)))
        }
        Heard::Answer(Asked::Authorise, code) => Input::Authorise(reply(
            AuthorisePaymentDone { expires_at: None },
            code.map(|code| match code {
                Code::Closed => AuthorisePaymentRefusal::PaymentClosed,
                _ => AuthorisePaymentRefusal::Declined,
            }),
        )),
        Heard::Answer(Asked::Capture, code) => Input::Capture(reply(
            CapturePaymentDone { amount_captured: money, ledger_transaction_id: booked },
            code.map(|code| match code {
                Code::Closed => CapturePaymentRefusal::NotAuthorised,
                _ => CapturePaymentRefusal::Declined,
            }),
        )),
        Heard::Answer(Asked::Void, code) => {
            Input::Void(reply(VoidPaymentDone {}, code.map(|_| VoidPaymentRefusal::AlreadyCaptured)))
        }
        Heard::Answer(Asked::Refund(_), code) => Input::Refund(reply(
            RefundPaymentDone {
                amount_refunded: money,
                amount: None,
                is_rest_open: None,
                ledger_transaction_id: booked,
            },
            code.map(|code| match code {
                Code::No => RefundPaymentRefusal::Declined,
                Code::NothingLeft => RefundPaymentRefusal::NothingLeft,
                Code::ChargedBack => RefundPaymentRefusal::ChargedBack,
                _ => RefundPaymentRefusal::NotCaptured,
            }),
        )),
    }
}

pub fn order_id() -> OrderId {
    OrderId::from_uuid(Uuid::from_u128(1))
}

pub fn new_saga() -> PlaceOrder {
    PlaceOrder {
        order_id: order_id(),
        customer_id: UserId::from_uuid(Uuid::from_u128(2)),
        lines: vec![(ProductId::from_uuid(Uuid::from_u128(3)), NonZeroU32::MIN)],
        variant_lines: Vec::new(),
        amount_minor: AMOUNT,
        currency: Currency::EUR,
        method_token: "tok_visa".into(),
        progress: Progress::Reserving,
        asked_again: 0,
        refund_attempt: 0,
    }
}

impl World {
    /// An order of so much has just been placed.
    pub fn new(amount_minor: i64) -> Self {
        let mut world = Self {
            saga: None,
            order: OrderStatus::Placed,
            refunded: false,
            restock_due: false,
            stock: Stock::Unknown,
            bank: Bank::Unknown,
            refused: BTreeSet::new(),
            to_stock: VecDeque::new(),
            to_payments: VecDeque::new(),
            from_stock: VecDeque::new(),
            from_payments: VecDeque::new(),
            silences: 0,
        };
        world.take(PlaceOrder { amount_minor, ..new_saga() }.begin(DateTime::UNIX_EPOCH));
        world
    }

    /// Does to the world what the saga wants.
    fn take(&mut self, step: Step<PlaceOrder>) {
        let undoing = matches!(step.state.progress, Progress::Undoing { .. });
        let is_settled = step.state.progress == Progress::Settled;
        assert_eq!(step.is_over || is_settled, step.deadline.is_none(), "somebody is waited for: {step:?}");
        for ask in &step.asks {
            match name(ask) {
                asked @ (Asked::Reserve | Asked::Release | Asked::Commit) => self.to_stock.push_back(asked),
                asked => self.to_payments.push_back(asked),
            }
        }
        for effect in &step.effects {
            self.effect(effect);
        }
        assert_eq!(undoing, self.order == OrderStatus::Cancelled);
        assert!(!undoing || step.state.method_token.is_empty(), "nobody keeps what nobody needs");
        self.saga = (!step.is_over).then_some(step.state);
    }

    fn effect(&mut self, effect: &Effect) {
        let action = match effect {
            Effect::Reserved => Action::Reserve,
            Effect::Paid => Action::Pay,
            Effect::Cancel(_) => Action::Cancel,
            Effect::Refunded { .. } => Action::Refund,
            Effect::RefundedInPart { .. } => panic!("all is given back at once here"),
            Effect::RestockDue => Action::NoteRestock,
        };
        let Some(to) = next(self.order, action) else {
            panic!("{effect:?} of an order that is {}", self.order);
        };
        self.order = to;
        match effect {
            Effect::Refunded { attempt, amount_minor } => {
                assert_eq!((*amount_minor, self.refunded), (AMOUNT, false), "once, and all of it");
                assert_eq!(self.bank, Bank::Refunded(*attempt), "by that refund");
                self.refunded = true;
            }
            Effect::RestockDue => self.restock_due = true,
            Effect::Reserved | Effect::Paid | Effect::Cancel(_) | Effect::RefundedInPart { .. } => {}
        }
    }

    /// All that can happen next.
    pub fn following(&self) -> Vec<Self> {
        let mut worlds = Vec::new();
        let mut then = |change: &dyn Fn(&mut Self)| {
            let mut world = self.clone();
            change(&mut world);
            worlds.push(world);
        };
        // Somebody cancels; somebody packs and ships.
        if next(self.order, Action::Cancel).is_some() {
            then(&|world| world.hear(Heard::Cancelled));
        }
        match self.order {
            OrderStatus::Paid => then(&|world| world.order = OrderStatus::Packed),
            OrderStatus::Packed => then(&|world| {
                world.order = OrderStatus::Shipped;
                world.hear(Heard::Shipped);
            }),
            _ => {}
        }
        // The saga hears something, or nothing.
        let queues: [fn(&mut Self) -> &mut VecDeque<Heard>; 2] =
            [|world| &mut world.from_stock, |world| &mut world.from_payments];
        for queue in queues {
            if !queue(&mut self.clone()).is_empty() {
                then(&|world| {
                    let heard = queue(world).pop_front().unwrap();
                    world.hear(heard);
                });
            }
        }
        let waits = self.saga.as_ref().is_some_and(|saga| saga.progress != Progress::Settled);
        if waits && self.silences < SILENCES_MAX {
            then(&|world| {
                world.silences += 1;
                world.hear(Heard::Silence);
            });
        }
        // Somebody has given back what the saga couldn't.
        if self.bank == Bank::Captured && self.order == OrderStatus::Cancelled && !self.refused.is_empty() {
            then(&|world| world.bank = Bank::RefundedByHand);
        }
        // The payer's bank takes it back, and it is decided whose it is: again and again.
        match self.bank {
            Bank::Captured => then(&|world| world.bank = Bank::Disputed),
            Bank::Disputed => {
                then(&|world| world.bank = Bank::Captured);
                then(&|world| world.bank = Bank::ChargedBack);
            }
            _ => {}
        }
        // A reservation expires; an authorisation does.
        if self.stock == Stock::Reserved && self.silences > 0 {
            then(&|world| world.stock = Stock::Closed);
        }
        self.stock_handles(&mut worlds);
        self.payments_handles(&mut worlds);
        worlds
    }

    fn hear(&mut self, heard: Heard) {
        // What comes for a saga that is over is dropped.
        let Some(saga) = self.saga.take() else { return };
        match heard {
            // So is what comes for a question from before a silence, after which another refund was asked for.
            Heard::Answer(Asked::Refund(attempt), _) if attempt != saga.refund_attempt => self.saga = Some(saga),
            heard => self.take(saga.on(input(heard))),
        }
    }

    /// As its contract says: what was released is closed, what was never reserved too.
    fn stock_handles(&self, worlds: &mut Vec<Self>) {
        let Some(asked) = self.to_stock.front().copied() else { return };
        let outcomes: &[(Stock, Option<Code>)] = match (asked, self.stock) {
            (Asked::Reserve, Stock::Unknown) => &[(Stock::Reserved, None), (Stock::Unknown, Some(Code::No))],
            (Asked::Reserve, Stock::Reserved) => &[(Stock::Reserved, None)],
            (Asked::Reserve, at) => &[(at, Some(Code::Closed))],
            (Asked::Release, Stock::Committed) => &[(Stock::Committed, Some(Code::AlreadyCommitted))],
            (Asked::Release, _) => &[(Stock::Closed, None)],
            (Asked::Commit, Stock::Reserved | Stock::Committed) => &[(Stock::Committed, None)],
            (Asked::Commit, at) => &[(at, Some(Code::Closed))],
            _ => panic!("{asked:?} isn't for stock"),
        };
        for (stock, code) in outcomes {
            let mut world = self.clone();
            world.to_stock.pop_front();
            world.stock = *stock;
            world.from_stock.push_back(Heard::Answer(asked, *code));
            worlds.push(world);
        }
    }

    /// As its contract says; a provider declines anything once it likes to, refunds too. What it has declined stays so.
    fn payments_handles(&self, worlds: &mut Vec<Self>) {
        let Some(asked) = self.to_payments.front().copied() else { return };
        let refund_outcomes = match asked {
            Asked::Refund(attempt) => self.refund_outcomes(attempt),
            _ => Vec::new(),
        };
        let outcomes: &[(Bank, Option<Code>)] = match (asked, self.bank) {
            (Asked::Refund(_), _) => &refund_outcomes,
            (Asked::Authorise, Bank::Unknown) => &[(Bank::Authorised, None), (Bank::Closed, Some(Code::No))],
            (Asked::Authorise, Bank::Authorised) => &[(Bank::Authorised, None)],
            (Asked::Authorise, at) => &[(at, Some(Code::Closed))],
            (Asked::Capture, Bank::Authorised) => &[(Bank::Captured, None), (Bank::Authorised, Some(Code::No))],
            (Asked::Capture, Bank::Captured) => &[(Bank::Captured, None)],
            (Asked::Capture, at) => &[(at, Some(Code::Closed))],
            (Asked::Void, Bank::Unknown | Bank::Authorised | Bank::Closed) => &[(Bank::Closed, None)],
            (Asked::Void, at) => &[(at, Some(Code::AlreadyCaptured))],
            _ => panic!("{asked:?} isn't for payments"),
        };
        for (bank, code) in outcomes {
            let mut world = self.clone();
            world.to_payments.pop_front();
            world.bank = *bank;
            if let (Asked::Refund(attempt), Some(Code::No)) = (asked, code) {
                world.refused.insert(attempt);
            }
            world.from_payments.push_back(Heard::Answer(asked, *code));
            worlds.push(world);
        }
    }

    /// Of one refund: what was refused once is refused again, unless nothing is left. What the payer's bank has is answered for when it is
    /// decided.
    fn refund_outcomes(&self, attempt: u32) -> Vec<(Bank, Option<Code>)> {
        let at = self.bank;
        match at {
            Bank::Captured | Bank::Disputed if self.refused.contains(&attempt) => vec![(at, Some(Code::No))],
            Bank::Disputed => Vec::new(),
            Bank::ChargedBack => vec![(at, Some(Code::ChargedBack))],
            Bank::Captured if self.silences < SILENCES_MAX => {
                vec![(Bank::Refunded(attempt), None), (at, Some(Code::No))]
            }
            Bank::Captured => vec![(Bank::Refunded(attempt), None)],
            Bank::Refunded(made) if made == attempt => vec![(at, None)],
            Bank::Refunded(_) | Bank::RefundedByHand => vec![(at, Some(Code::NothingLeft))],
            Bank::Unknown | Bank::Authorised | Bank::Closed => vec![(at, Some(Code::NotCaptured))],
        }
    }

    /// Nothing is on its way, and nobody cancels or ships any more.
    pub fn is_quiet(&self) -> bool {
        [&self.from_stock, &self.from_payments].iter().all(|queue| queue.is_empty())
            && self.to_stock.is_empty()
            && self.to_payments.is_empty()
    }

    /// Whether all adds up for an order of so much.
    pub fn check_end(&self, amount_minor: i64) {
        let is_paid = match self.bank {
            Bank::Unknown => amount_minor == 0,
            Bank::Captured | Bank::Disputed | Bank::ChargedBack => amount_minor > 0,
            _ => false,
        };
        let kept = (is_paid, self.stock);
        match (&self.saga, self.order) {
            // Paid, and until it is shipped the saga waits for a cancellation.
            (Some(saga), OrderStatus::Paid | OrderStatus::Packed) => {
                assert_eq!((saga.progress, kept), (Progress::Settled, (true, Stock::Committed)), "{self:?}");
            }
            (None, OrderStatus::Shipped) => assert_eq!(kept, (true, Stock::Committed), "{self:?}"),
            (None, OrderStatus::Cancelled) => {
                assert!(!matches!(self.bank, Bank::Authorised | Bank::Captured | Bank::Disputed), "{self:?}");
                assert_eq!(self.refunded, matches!(self.bank, Bank::Refunded(_)), "the order says so: {self:?}");
                assert_ne!(self.stock, Stock::Reserved, "{self:?}");
                assert_eq!(self.restock_due, self.stock == Stock::Committed, "the order says so: {self:?}");
            }
            // Somebody was silent more often than is modelled: the saga still waits, and will ask again.
            (Some(saga), _) if self.silences == SILENCES_MAX => {
                assert!(matches!(saga.progress, Progress::Undoing { payment: Payment::Refunding, .. }), "{self:?}");
            }
            _ => panic!("neither bought nor called off: {self:?}"),
        }
    }
}
