//! Fetches in parts, for objects that lack what some of the fields require: together they bring what the whole does.

use std::rc::Rc;

use federation::TypeSet;

use super::data::{Class, Data};
use super::{Asked, Proof, Unsound};
use crate::plan::{Fetch, FetchId, FetchKind, Selection};

impl<'a> Proof<'a> {
    /// Runs the parts of a fetch on the data as they were before it, and holds what they bring against what it brought.
    pub fn apart(&mut self, id: FetchId, fetch: &'a Fetch, (mut before, after): (Data, &Data), asked: Asked<'_>) {
        if fetch.apart.is_empty() {
            return;
        }
        for part in &fetch.apart {
            if let Some(why) = differs(fetch, part) {
                self.found.push(Unsound::Apart { fetch: id, why: why.to_owned() });
            }
            if let Some(document) = self.document(id, part, asked) {
                self.run(id, part, &document, &mut before);
            }
        }
        let is_taken_once = |part: &&Fetch| {
            let others = fetch.apart.iter().filter(|other| !std::ptr::eq(*other, *part));
            !others.into_iter().any(|other| share(&other.output, &part.output))
        };
        if !fetch.apart.iter().all(|part| is_taken_once(&part)) {
            self.found.push(Unsound::Apart { fetch: id, why: "two parts bring the same".to_owned() });
        }
        if !is_same(&before, after) {
            self.found.push(Unsound::Apart { fetch: id, why: "the parts don't bring what the whole does".to_owned() });
        }
    }
}

/// What a part may not do otherwise than the whole.
fn differs(fetch: &Fetch, part: &Fetch) -> Option<&'static str> {
    let (FetchKind::Entities(whole), FetchKind::Entities(own)) = (&fetch.kind, &part.kind) else {
        return Some("only entities can be asked for in parts");
    };
    if part.subgraph != fetch.subgraph || part.after != fetch.after || own.paths != whole.paths {
        return Some("a part asks somebody else, somewhere else or at another time");
    }
    if !part.apart.is_empty() {
        return Some("a part has parts");
    }
    let is_less = fetch.apart.len() > 1
        && own.representations.iter().all(|own| {
            // One of a part may be for objects that the whole has several for.
            let mut given = whole.representations.iter().filter(|whole| may_meet(&whole.types, &own.types)).peekable();
            given.peek().is_some()
                && given.all(|whole| {
                    own.members.iter().all(|member| whole.members.iter().any(|known| known.name == member.name))
                })
        });
    (!is_less).then_some("a part needs what the whole doesn't")
}

/// Whether there may be an object that two representations are for; one of no types is for any.
fn may_meet(a: &TypeSet, b: &TypeSet) -> bool {
    a.is_empty() || b.is_empty() || !a.intersection(b).is_empty()
}

/// Whether two selections of entities take a member to the same place.
fn share(a: &Selection, b: &Selection) -> bool {
    let is_value = |target: &crate::plan::Target| matches!(target, crate::plan::Target::Key(_));
    a.fields.iter().any(|a| is_value(&a.target) && b.fields.iter().any(|b| a.target == b.target && a.field == b.field))
}

/// Whether the same is known, whoever brought it. Classes may be split otherwise.
fn is_same(a: &Data, b: &Data) -> bool {
    let classes = |a: &'_ Class, b: &Class| {
        a.values.len() == b.values.len()
            && a.values.iter().all(|(key, value)| {
                b.values.get(key).is_some_and(|other| {
                    value.call == other.call
                        && match (&value.below, &other.below) {
                            (None, None) => true,
                            (Some(a), Some(b)) => Rc::ptr_eq(a, b) || is_same(a, b),
                            _ => false,
                        }
                })
            })
    };
    a.classes.iter().all(|class| {
        let met = b.classes.iter().filter(|other| !other.types.intersection(&class.types).is_empty());
        met.into_iter().all(|other| classes(class, other))
    })
}
