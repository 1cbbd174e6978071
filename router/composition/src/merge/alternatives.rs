//! What `@requiresScopes` and `@policy` ask for: alternatives, each of which asks for several things at once. In other
//! words a disjunction of conjunctions; no alternative at all, or one that asks for nothing, always holds.
//!
//! Asking for several of them at once multiplies their alternatives. So both that and comparing products are bounded,
//! and whoever asks for more is told: nothing is ever left out.

mod sets;

use graphql::Node;
use graphql::ast::Value;

use sets::{Names, Set};

/// The alternatives that requirements may have which are merged: eleven choices between two, or three between twelve.
/// Access rules in use have a handful; the reference composer has no bound.
pub(crate) const ALTERNATIVES_MAX: usize = 2_048;

/// Comparisons of alternatives that one question may take, some tenths of a second.
const COMPARISONS_MAX: usize = 16_777_216;

/// That there would be more than [`ALTERNATIVES_MAX`] alternatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

/// A requirement; empty for one that always holds. Alternatives are sorted, and so is what each asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Alternatives(Vec<Vec<String>>);

impl Alternatives {
    /// Reads `[["a", "b"], ["c"]]`: either both of the first two, or the third.
    pub(crate) fn read(value: &Value) -> Self {
        let texts = |list: &Node<Value>| -> Vec<String> {
            let items = list.as_list().unwrap_or_default().iter();
            items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
        };
        Self::new(value.as_list().unwrap_or_default().iter().map(texts).collect())
    }

    fn new(mut list: Vec<Vec<String>>) -> Self {
        for alternative in &mut list {
            alternative.sort();
            alternative.dedup();
        }
        list.sort();
        list.dedup();
        if list.iter().any(Vec::is_empty) { Self::default() } else { Self(list) }
    }

    /// What asks for all of several: each choice of one alternative of each, without those that ask for more than
    /// another does. One alone stays as it is.
    pub(crate) fn all_of<'a>(several: impl IntoIterator<Item = &'a Self>) -> Result<Self, TooMany> {
        let mut asking: Vec<&Self> = several.into_iter().filter(|one| !one.0.is_empty()).collect();
        // Few alternatives first, so that those with many are implied rather than multiplied where they can be.
        asking.sort_by_key(|one| (one.0.len(), *one));
        asking.dedup();
        let [first, rest @ ..] = asking.as_slice() else { return Ok(Self::default()) };
        if rest.is_empty() {
            return Ok((*first).clone());
        }
        let names = Names::of(asking.iter().flat_map(|one| one.0.iter().flatten()));
        let mut all = sets::minimal(names.sets(&first.0), ALTERNATIVES_MAX)?;
        for one in rest {
            all = sets::both(all, &names.sets(&one.0), ALTERNATIVES_MAX)?;
        }
        Ok(Self::new(all.iter().map(|set| names.texts(set)).collect()))
    }

    /// Whether whoever fulfils both of two fulfils `wanted` too.
    pub(crate) fn both_imply(one: &Self, other: &Self, wanted: &Self) -> Result<bool, TooMany> {
        if wanted.0.is_empty() {
            return Ok(true);
        }
        let names = Names::of([one, other, wanted].into_iter().flat_map(|part| part.0.iter().flatten()));
        // What always holds has one alternative, which asks for nothing.
        let sets = |part: &Self| if part.0.is_empty() { vec![Set::default()] } else { names.sets(&part.0) };
        let (one, other, wanted) = (sets(one), sets(other), names.sets(&wanted.0));
        let comparisons = |sets: &[Set]| sets.len().saturating_mul(wanted.len());
        if comparisons(&one).max(comparisons(&other)) > COMPARISONS_MAX {
            return Err(TooMany);
        }
        let unmet = |sets: Vec<Set>| -> Vec<Set> {
            sets.into_iter().filter(|set| !wanted.iter().any(|wanted| wanted.is_within(set))).collect()
        };
        let (one, other) = (unmet(one), unmet(other));
        if comparisons(&one).saturating_mul(other.len()) > COMPARISONS_MAX {
            return Err(TooMany);
        }
        let met = |both: Set| wanted.iter().any(|wanted| wanted.is_within(&both));
        Ok(one.iter().all(|one| other.iter().all(|other| met(one.with(other)))))
    }

    /// As the directive's argument.
    pub(crate) fn into_value(self) -> Value {
        let list = |texts: Vec<String>| {
            Node::new(Value::List(texts.into_iter().map(|text| Node::new(Value::String(text))).collect()))
        };
        Value::List(self.0.into_iter().map(list).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alternatives(list: &[&[&str]]) -> Alternatives {
        Alternatives::new(list.iter().map(|texts| texts.iter().map(|text| (*text).to_owned()).collect()).collect())
    }

    fn choices(count: usize, of: usize) -> Vec<Alternatives> {
        let choice = |at| Alternatives::new((0..of).map(|one| vec![format!("{at}_{one}")]).collect());
        (0..count).map(choice).collect()
    }

    #[test]
    fn asks_for_all() {
        let (one, other) = (alternatives(&[&["a"], &["b"]]), alternatives(&[&["a"], &["c"]]));
        let all = |several: &[&Alternatives]| Alternatives::all_of(several.iter().copied());
        assert_eq!(all(&[&one, &other]), Ok(alternatives(&[&["a"], &["b", "c"]])));
        assert_eq!(all(&[&one, &Alternatives::default(), &one]), Ok(one.clone()));
        assert_eq!(all(&[]), Ok(Alternatives::default()));
        assert_eq!(alternatives(&[&["a"], &[]]), Alternatives::default());
    }

    #[test]
    fn keeps_every_alternative_up_to_the_bound_and_tells_of_more() {
        let eleven = Alternatives::all_of(&choices(11, 2)).unwrap();
        assert_eq!(eleven.0.len(), 2_048);
        assert_eq!(Alternatives::all_of(&choices(12, 2)), Err(TooMany));
        assert_eq!(Alternatives::all_of(&choices(20, 30)), Err(TooMany));
        let again: Vec<_> = std::iter::repeat_n(choices(11, 2), 50).flatten().chain([eleven.clone()]).collect();
        assert_eq!(Alternatives::all_of(&again), Ok(eleven));
    }

    #[test]
    fn knows_what_implies_what() {
        let (wanted, nothing) = (alternatives(&[&["a"], &["b"]]), Alternatives::default());
        let imply = |one: &[&[&str]], other: &[&[&str]]| {
            Alternatives::both_imply(&alternatives(one), &alternatives(other), &wanted).unwrap()
        };
        assert!(imply(&[&["a", "c"], &["b"]], &[]));
        assert!(!imply(&[&["a", "c"], &["d"]], &[]));
        assert!(imply(&[&["a", "c"], &["d"]], &[&["b"]]));
        assert!(!imply(&[&["a", "c"], &["d"]], &[&["b"], &["e"]]));
        assert!(!imply(&[], &[]));
        assert_eq!(Alternatives::both_imply(&nothing, &nothing, &nothing), Ok(true));
        let both = alternatives(&[&["a", "b"]]);
        assert_eq!(Alternatives::both_imply(&alternatives(&[&["a"]]), &alternatives(&[&["b"]]), &both), Ok(true));
    }

    #[test]
    fn looks_at_each_pair_of_alternatives() {
        let (of_type, mut of_field) = (choices(1, 33).remove(0), choices(2, 33).remove(1));
        let wanted = of_field.clone();
        assert_eq!(Alternatives::both_imply(&of_type, &of_field, &wanted), Ok(true));
        of_field.0.push(vec!["z".to_owned()]);
        assert_eq!(Alternatives::both_imply(&of_type, &of_field, &wanted), Ok(false));
    }
}
