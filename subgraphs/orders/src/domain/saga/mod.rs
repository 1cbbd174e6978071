//! What goes on between orders, stock and payments: two sagas as pure functions.
//!
//! [`place`] takes an order from placed to paid, and undoes whatever was done when it comes to nothing; [`refund`] gives money
//! back for what was returned. Neither knows how commands travel or where its state is kept: what comes in is an [`Input`],
//! what is to be done a [`Step`]. Being asked again does no harm to anybody, since the ids follow from the order's. Only a refund
//! that was refused, or gave a part, is asked for under another id: payments never makes good what the provider has refused once.

mod ids;
mod input;
pub mod place;
pub mod refund;
mod step;
#[cfg(test)]
mod tests;
mod undo;

use ids::attempt_after;
pub use ids::{is_of_saga, payment_id, refund_id, reservation_id};
pub use input::Input;
pub use step::{Ask, Effect, Step};

use std::time::Duration;

/// How long to wait before somebody who must answer in the end is asked again, the first time; it doubles with each.
const ASK_AGAIN_FIRST: Duration = Duration::from_secs(60);
/// The longest wait: what stands still for an hour waits for people, and its saga is listed meanwhile.
const ASK_AGAIN_LONGEST: Duration = Duration::from_secs(60 * 60);

/// How long to wait after having asked so many times in vain.
fn ask_again_after(times: u32) -> Duration {
    let factor = 2_u32.saturating_pow(times.min(16));
    ASK_AGAIN_FIRST.saturating_mul(factor).min(ASK_AGAIN_LONGEST)
}
