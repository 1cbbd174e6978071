//! What `@requiresScopes` and `@policy` ask for: alternatives, each of which asks for several things at once. In other
//! words a disjunction of conjunctions; no alternative at all, or one that asks for nothing, always holds.

use graphql::Node;
use graphql::ast::Value;

/// The alternatives that one requirement may grow to: two lists of 32 give 1,024. Those beyond are left out, which asks
/// for more rather than for less.
const ALTERNATIVES_MAX: usize = 1_024;

/// A requirement; empty for one that always holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Alternatives(Vec<Vec<String>>);

impl Alternatives {
    /// Reads `[["a", "b"], ["c"]]`: either both of the first two, or the third.
    pub(crate) fn read(value: &Value) -> Self {
        let texts = |list: &Node<Value>| -> Vec<String> {
            let items = list.as_list().unwrap_or_default().iter();
            items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
        };
        Self(value.as_list().unwrap_or_default().iter().map(texts).collect()).minimal()
    }

    /// What asks for both: every pair of alternatives together.
    pub(crate) fn and(&self, other: &Self) -> Self {
        if self.0.is_empty() || other.0.is_empty() {
            return if self.0.is_empty() { other.clone() } else { self.clone() };
        }
        let together = |one: &Vec<String>, also: &Vec<String>| one.iter().chain(also).cloned().collect();
        let pairs = self.0.iter().flat_map(|one| other.0.iter().map(move |also| together(one, also)));
        Self(pairs.take(ALTERNATIVES_MAX).collect()).minimal()
    }

    /// Whether whoever fulfils this fulfils `other` too.
    pub(crate) fn implies(&self, other: &Self) -> bool {
        let fulfils = |one: &Vec<String>| other.0.iter().any(|wanted| wanted.iter().all(|text| one.contains(text)));
        other.0.is_empty() || !self.0.is_empty() && self.0.iter().all(fulfils)
    }

    /// As the directive's argument.
    pub(crate) fn into_value(self) -> Value {
        let list = |texts: Vec<String>| {
            Node::new(Value::List(texts.into_iter().map(|text| Node::new(Value::String(text))).collect()))
        };
        Value::List(self.0.into_iter().map(list).collect())
    }

    /// Sorted, without alternatives that ask for more than another one does.
    fn minimal(mut self) -> Self {
        for alternative in &mut self.0 {
            alternative.sort();
            alternative.dedup();
        }
        self.0.sort();
        self.0.dedup();
        if self.0.iter().any(Vec::is_empty) {
            return Self::default();
        }
        let covered =
            |one: &Vec<String>| self.0.iter().any(|other| other != one && other.iter().all(|text| one.contains(text)));
        Self(self.0.iter().filter(|one| !covered(one)).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alternatives(list: &[&[&str]]) -> Alternatives {
        Alternatives(list.iter().map(|texts| texts.iter().map(|text| (*text).to_owned()).collect()).collect()).minimal()
    }

    #[test]
    fn drops_alternatives_that_ask_for_more_than_another() {
        assert_eq!(alternatives(&[&["b", "a", "a"], &["a"], &["c", "b"]]).0, [vec!["a"], vec!["b", "c"]]);
        assert_eq!(alternatives(&[&["a"], &[]]), Alternatives::default());
    }

    #[test]
    fn asks_for_both() {
        let (one, other) = (alternatives(&[&["a"], &["b"]]), alternatives(&[&["a"], &["c"]]));
        assert_eq!(one.and(&other).0, [vec!["a"], vec!["b", "c"]]);
        assert_eq!(one.and(&Alternatives::default()), one);
        assert_eq!(Alternatives::default().and(&one), one);
    }

    #[test]
    fn knows_what_implies_what() {
        let wanted = alternatives(&[&["a"], &["b"]]);
        assert!(alternatives(&[&["a", "c"], &["b"]]).implies(&wanted));
        assert!(!alternatives(&[&["a", "c"], &["d"]]).implies(&wanted));
        assert!(!Alternatives::default().implies(&wanted));
        assert!(wanted.implies(&Alternatives::default()));
    }
}
