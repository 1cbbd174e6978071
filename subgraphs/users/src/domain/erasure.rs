//! How an account is forgotten by all who know it: one domain after the other, as a pure function of what has happened.
//!
//! Those who can refuse are asked first, and the account itself last, so that a refusal mostly comes while nothing is forgotten
//! yet: then the account stays as it was. Once somebody may have forgotten there is no way back; who refuses then is asked
//! again later. Who doesn't answer is asked again for as long as it takes, and it is said aloud that it doesn't: an account is
//! never half forgotten in silence.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use wire::Domain;

use super::UserId;

/// The answer to a command takes seconds; a domain that is being updated, minutes.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(5 * 60);
/// The longest wait for one that didn't answer before: somebody has to look first.
pub const ANSWER_WITHIN_MAX: Duration = Duration::from_secs(6 * 60 * 60);
/// When to ask again who has refused: orders arrive and disputes end in days.
pub const REFUSED_FOR: Duration = Duration::from_secs(6 * 60 * 60);
/// From how many questions without an answer on it counts as stuck: 15 minutes.
pub const STUCK_FROM: u32 = 3;

/// Who has to forget a user, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// Refuses while orders are under way.
    Orders,
    /// Refuses while payments are under way, or in dispute.
    Payments,
    Notifications,
    /// The account itself.
    Users,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    pub user_id: UserId,
    /// Who is to answer; all before it have forgotten.
    pub party: Party,
    /// How often it was asked since it last answered, or was first asked.
    pub asked: u32,
    /// Questions to it that may still be answered.
    pub unanswered: u32,
    /// What it refused with last, until it is asked again.
    pub refusal: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// Somebody has forgotten the user.
    Forgotten(Party),
    /// Somebody won't, now, with a code.
    Refused(Party, String),
    /// The time to act on one's own has come.
    Deadline,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// What is kept; `None`: it is over.
    pub state: Option<Erasure>,
    /// Who to ask now.
    pub ask: Option<Party>,
    /// When to act on one's own, from now. `None`: as was said before.
    pub deadline: Option<Duration>,
    /// What others see of it; `None`: nothing new.
    pub told: Option<Told>,
}

/// What others see of an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A domain was asked, so many times since it last answered.
    Asked { party: Party, times: u32 },
    /// A domain refused, and is asked again later.
    Postponed { party: Party, code: String },
    /// A domain refused, and nobody has forgotten anything: it is over, and the account stays.
    Refused { party: Party, code: String },
    /// All have forgotten.
    Erased,
}

impl Party {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Orders, Self::Payments, Self::Notifications, Self::Users];

    /// The domain that it is.
    #[must_use]
    pub const fn domain(self) -> Domain {
        match self {
            Self::Orders => Domain::Orders,
            Self::Payments => Domain::Payments,
            Self::Notifications => Domain::Notifications,
            Self::Users => Domain::Users,
        }
    }

    /// Who a domain is; `None` for those that know nobody.
    #[must_use]
    pub fn of(domain: Domain) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.domain() == domain)
    }

    fn next(self) -> Option<Self> {
        Self::ALL.into_iter().skip_while(|party| *party != self).nth(1)
    }
}

impl Erasure {
    /// Begins.
    #[must_use]
    pub fn begin(user_id: UserId) -> Next {
        let [first, ..] = Party::ALL;
        Self { user_id, party: first, asked: 0, unanswered: 0, refusal: None }.ask()
    }

    /// Goes on.
    #[must_use]
    pub fn on(self, happened: Happened) -> Next {
        match happened {
            Happened::Forgotten(party) if party == self.party => self.forgotten(),
            Happened::Refused(party, code) if party == self.party => self.refused(code),
            // An answer to a question that was asked twice: it was counted the first time.
            Happened::Forgotten(_) | Happened::Refused(..) => Next::unchanged(self),
            Happened::Deadline => self.ask(),
        }
    }

    fn ask(self) -> Next {
        let (asked, unanswered) = (self.asked.saturating_add(1), self.unanswered.saturating_add(1));
        let state = Self { asked, unanswered, refusal: None, ..self };
        Next {
            ask: Some(state.party),
            deadline: Some(patience(asked)),
            told: Some(Told::Asked { party: state.party, times: asked }),
            state: Some(state),
        }
    }

    fn forgotten(self) -> Next {
        match self.party.next() {
            Some(party) => Self { party, asked: 0, unanswered: 0, refusal: None, ..self }.ask(),
            None => Next { state: None, ask: None, deadline: None, told: Some(Told::Erased) },
        }
    }

    fn refused(self, code: String) -> Next {
        let (party, unanswered) = (self.party, self.unanswered.saturating_sub(1));
        // Another question on its way may find that nothing is open any more, and be done: so no refusal is the last word
        // before all have been answered.
        let nothing_forgotten = Party::ALL.first() == Some(&party) && unanswered == 0;
        if nothing_forgotten {
            return Next { state: None, ask: None, deadline: None, told: Some(Told::Refused { party, code }) };
        }
        let told = Told::Postponed { party, code: code.clone() };
        let state = Self { asked: 0, unanswered, refusal: Some(code), ..self };
        Next { state: Some(state), ask: None, deadline: Some(REFUSED_FOR), told: Some(told) }
    }
}

impl Next {
    fn unchanged(state: Erasure) -> Self {
        Self { state: Some(state), ask: None, deadline: None, told: None }
    }
}

/// How long to wait for an answer to the so-manieth question.
fn patience(asked: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(asked.saturating_sub(1));
    ANSWER_WITHIN.saturating_mul(doubled).min(ANSWER_WITHIN_MAX)
}

#[cfg(test)]
mod tests;
