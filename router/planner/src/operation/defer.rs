//! `@defer`: which fragments are deferred, and with which of them each field is first delivered.
//!
//! A field that is asked for outside of deferred fragments too isn't deferred. One that is asked for in a fragment and
//! in another around it comes with the outer one. What remains is the field's *group*: the fragments of which any may
//! bring it.

use graphql::ast::Value;
use graphql::executable::DirectiveList;
use indexmap::IndexSet;

/// A deferred fragment as it stands in the operation; an index into [`super::Operation::deferred`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeferredId(pub u32);

/// A set of deferred fragments with any of which a field is first delivered; an index into
/// [`super::Operation::groups`]. 0 is no fragment: the first part of the response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

/// A deferred fragment.
#[derive(Clone, Debug)]
pub struct Deferred {
    /// The client's name for it.
    pub label: Option<String>,
    /// The deferred fragment around it.
    pub parent: Option<DeferredId>,
}

/// Whether `@defer` is obeyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deferral {
    /// It is: the response comes in parts.
    On,
    /// It isn't, as it never has to be: the response comes whole.
    Off,
}

/// Fragments that are deferred at most; further ones come with what is around them. Each costs a part of the response
/// at least, so that no honest client has more.
const DEFERRED_MAX: usize = 64;

/// The deferred fragments of an operation while they are met.
#[derive(Debug)]
pub struct Blocks {
    /// Outer before inner.
    pub list: Vec<Deferred>,
    /// The first is empty.
    pub groups: IndexSet<Vec<DeferredId>>,
    deferral: Deferral,
}

impl Blocks {
    /// None yet.
    pub fn new(deferral: Deferral) -> Self {
        Self { list: Vec::new(), groups: std::iter::once(Vec::new()).collect(), deferral }
    }

    /// The fragment that begins with these directives, if it is deferred.
    pub fn begin(
        &mut self,
        directives: &DirectiveList,
        parent: Option<DeferredId>,
        conditions: &dyn Fn(&str) -> Option<bool>,
    ) -> Option<DeferredId> {
        if self.deferral == Deferral::Off || self.list.len() >= DEFERRED_MAX {
            return None;
        }
        let directive = directives.0.iter().find(|directive| directive.name == "defer")?;
        let argument = |name| directive.arguments.iter().find(|argument| argument.name == name);
        let wanted = match argument("if").map(|argument| argument.value.as_ref()) {
            Some(Value::Boolean(value)) => *value,
            // Left out, the variable leaves the argument its default.
            Some(Value::Variable(name)) => conditions(name).unwrap_or(true),
            _ => true,
        };
        if !wanted {
            return None;
        }
        let label = argument("label").and_then(|argument| argument.value.as_str().map(str::to_owned));
        self.list.push(Deferred { label, parent });
        Some(DeferredId((self.list.len() - 1) as u32))
    }

    /// The group of a field that is asked for in these contexts.
    pub fn group(&mut self, contexts: &[Option<DeferredId>]) -> GroupId {
        let Some(mut group) = contexts.iter().copied().collect::<Option<Vec<DeferredId>>>() else {
            return GroupId::default();
        };
        let all = group.clone();
        group.retain(|id| !self.around(*id).any(|outer| all.contains(&outer)));
        group.sort();
        group.dedup();
        GroupId(self.groups.insert_full(group).0 as u32)
    }

    /// The fragments around a fragment.
    fn around(&self, id: DeferredId) -> impl Iterator<Item = DeferredId> {
        let parent = |id: DeferredId| self.list.get(id.0 as usize).and_then(|block| block.parent);
        std::iter::successors(parent(id), move |outer| parent(*outer))
    }
}
