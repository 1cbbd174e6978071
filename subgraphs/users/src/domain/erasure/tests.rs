//! All orders of answers and deadlines, in a world that answers each question late, twice or never.

use std::collections::BTreeSet;

use kit::GlobalId as _;
use uuid::Uuid;

use super::*;

fn user() -> UserId {
    UserId::from_uuid(Uuid::from_u128(7))
}

/// The domains and what is on its way between them and the saga.
#[derive(Debug, Clone)]
struct World {
    state: Option<Erasure>,
    /// Questions that nobody has read yet.
    questions: Vec<Party>,
    /// Answers that the saga hasn't read yet.
    answers: Vec<Happened>,
    /// Who has forgotten.
    forgotten: Vec<Party>,
    last: Option<Told>,
}

impl World {
    fn new() -> Self {
        let world = Self { state: None, questions: vec![], answers: vec![], forgotten: vec![], last: None };
        world.then(Erasure::begin(user()))
    }

    fn then(mut self, next: Next) -> Self {
        let waits = next.state.as_ref().is_some_and(|state| state.unanswered > 0 || state.refusal.is_some());
        assert_eq!(waits, next.state.is_some(), "who isn't over waits for something: {next:?}");
        assert_eq!(next.ask.is_some(), matches!(next.told, Some(Told::Asked { .. })));
        if next.state.is_some() && next.told.is_some() {
            assert!(next.deadline.is_some(), "each change sets the next deadline");
        }
        self.questions.extend(next.ask);
        self.state = next.state;
        self.last = next.told.or(self.last);
        self
    }

    /// Everything that can happen next.
    fn steps(&self, asked_max: u32) -> Vec<Self> {
        let mut worlds = Vec::new();
        for (index, party) in self.questions.iter().enumerate() {
            let mut read = self.clone();
            read.questions.remove(index);
            // Given up: a dead letter.
            worlds.push(read.clone());
            let mut done = read.clone();
            if !done.forgotten.contains(party) {
                done.forgotten.push(*party);
            }
            done.answers.push(Happened::Forgotten(*party));
            worlds.push(done);
            // Who has forgotten a user has nothing left to refuse for.
            if matches!(party, Party::Orders | Party::Payments) && !read.forgotten.contains(party) {
                read.answers.push(Happened::Refused(*party, "OPEN".to_owned()));
                worlds.push(read);
            }
        }
        let Some(state) = &self.state else { return worlds };
        for index in 0..self.answers.len() {
            let mut told = self.clone();
            let happened = told.answers.remove(index);
            worlds.push(told.then(state.clone().on(happened)));
        }
        if state.asked < asked_max && state.unanswered < asked_max {
            worlds.push(self.clone().then(state.clone().on(Happened::Deadline)));
        }
        worlds
    }
}

/// Walks every world that can come to be while each party is asked at most twice at once.
#[test]
fn in_all_orders_nothing_is_half_forgotten_in_silence() {
    let (mut seen, mut open) = (BTreeSet::new(), vec![World::new()]);
    let (mut erased, mut refused) = (0, 0);
    while let Some(world) = open.pop() {
        let mut key = world.clone();
        key.questions.sort_by_key(|party| *party as u8);
        key.answers.sort_by_key(|answer| format!("{answer:?}"));
        key.forgotten.sort_by_key(|party| *party as u8);
        if !seen.insert(format!("{key:?}")) {
            continue;
        }
        if world.state.is_none() {
            match &world.last {
                Some(Told::Erased) => {
                    assert_eq!(world.forgotten, Party::ALL, "all, in their order");
                    erased += 1;
                }
                Some(Told::Refused { .. }) => {
                    assert_eq!(world.forgotten, [], "{world:?}");
                    assert!(world.questions.is_empty(), "a question under way could still be done: {world:?}");
                    refused += 1;
                }
                last => panic!("over without a word: {last:?}"),
            }
        } else {
            let first_of_silent = Party::ALL.into_iter().find(|party| !world.forgotten.contains(party));
            // Nobody is asked before all before it have forgotten.
            for party in &world.questions {
                assert!(first_of_silent.is_none_or(|first| *party as u8 <= first as u8), "{world:?}");
            }
        }
        open.extend(world.steps(2));
    }
    assert!(erased > 0 && refused > 0 && seen.len() > 200, "{erased} {refused} {}", seen.len());
}

#[test]
fn a_first_refusal_ends_it() {
    let next = Erasure::begin(user());
    assert_eq!((next.ask, next.deadline), (Some(Party::Orders), Some(ANSWER_WITHIN)));
    let next = next.state.unwrap().on(Happened::Refused(Party::Orders, "OPEN_ORDERS".to_owned()));
    assert_eq!(next.state, None);
    assert_eq!(next.told, Some(Told::Refused { party: Party::Orders, code: "OPEN_ORDERS".to_owned() }));
}

#[test]
fn a_later_refusal_postpones_and_is_asked_again() {
    let state = Erasure::begin(user()).state.unwrap().on(Happened::Forgotten(Party::Orders)).state.unwrap();
    let next = state.on(Happened::Refused(Party::Payments, "OPEN_PAYMENTS".to_owned()));
    assert_eq!(next.told, Some(Told::Postponed { party: Party::Payments, code: "OPEN_PAYMENTS".to_owned() }));
    assert_eq!((next.ask, next.deadline), (None, Some(REFUSED_FOR)));
    let next = next.state.unwrap().on(Happened::Deadline);
    assert_eq!((next.ask, next.deadline), (Some(Party::Payments), Some(ANSWER_WITHIN)));
}

#[test]
fn silence_is_counted_and_waited_out_longer_and_longer() {
    let mut next = Erasure::begin(user());
    let mut waits = Vec::new();
    for times in 1..=10 {
        assert_eq!(next.told, Some(Told::Asked { party: Party::Orders, times }));
        waits.extend(next.deadline);
        next = next.state.unwrap().on(Happened::Deadline);
    }
    assert!(waits.is_sorted(), "{waits:?}");
    assert_eq!((waits.first(), waits.last()), (Some(&ANSWER_WITHIN), Some(&ANSWER_WITHIN_MAX)));
    let tired = Erasure { asked: u32::MAX, unanswered: u32::MAX, ..next.state.unwrap() };
    assert_eq!(tired.on(Happened::Deadline).deadline, Some(ANSWER_WITHIN_MAX));
}
