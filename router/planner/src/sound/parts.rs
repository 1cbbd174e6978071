//! The parts of a response: each begins where the operation defers a fragment, and waits for just what it reads.

use graphql::ast::Value;
use graphql::executable::DirectiveList;

use super::{Proof, Unsound};
use crate::Deferral;
use crate::plan::{Block, BlockId, Deferred, FetchId, Shape};

/// A part of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// What isn't deferred.
    First,
    /// A deferred fragment at one place.
    Later(BlockId),
}

/// What one part reads.
#[derive(Clone, Debug, Default)]
pub struct PartReads {
    /// Of each of these one fetch at least has to be done before the part is written.
    must: Vec<Vec<FetchId>>,
    /// All fetches that brought something of it.
    may: Vec<FetchId>,
}

impl<'a> Proof<'a> {
    /// The part that what is in a fragment belongs to: the next one that the plan begins at this place, if the fragment
    /// is deferred and the part is for it. A plan may defer less than it is asked to.
    pub fn begin(
        &self,
        begun: &mut &[BlockId],
        deferral: Deferral,
        (directives, around): (&DirectiveList, Part),
        conditions: &dyn Fn(&str) -> Option<bool>,
    ) -> Part {
        let Some(label) = label(directives, conditions).filter(|_| deferral == Deferral::On) else { return around };
        let parent = match around {
            Part::First => None,
            Part::Later(id) => Some(id),
        };
        match begun.split_first() {
            Some((&next, rest))
                if self.block(next).is_some_and(|block| block.label.as_deref() == label && block.parent == parent) =>
            {
                *begun = rest;
                Part::Later(next)
            }
            _ => around,
        }
    }

    fn block(&self, id: BlockId) -> Option<&'a Block> {
        self.plan.blocks.get(id.0 as usize)
    }

    /// The parts within which a part stands, itself first.
    fn around(&self, part: Part) -> impl Iterator<Item = Part> {
        std::iter::successors(Some(part), |part| match part {
            Part::First => None,
            // Parents come first in a sound plan; in any other one this has to end too.
            Part::Later(id) => match self.block(*id).and_then(|block| block.parent) {
                Some(parent) if parent < *id => Some(Part::Later(parent)),
                _ => Some(Part::First),
            },
        })
    }

    /// Checks with which parts a field is said to come, given those that ask for it.
    pub fn delivered(&self, asked: &[Part], said: Option<&Deferred>) -> Result<(), String> {
        let mut blocks: Vec<BlockId> = asked.iter().filter_map(|part| later(*part)).collect();
        blocks.sort();
        blocks.dedup();
        let first: Vec<BlockId> = if asked.contains(&Part::First) {
            Vec::new()
        } else {
            let is_outermost =
                |block: &BlockId| !self.around(Part::Later(*block)).skip(1).any(|outer| asked.contains(&outer));
            blocks.iter().copied().filter(is_outermost).collect()
        };
        let Some(said) = said else {
            return if blocks.is_empty() { Ok(()) } else { Err(format!("{blocks:?} ask for it too")) };
        };
        let mut said_blocks = said.asked.clone();
        said_blocks.sort();
        if blocks.is_empty() || said_blocks != blocks {
            return Err(format!("{said_blocks:?} are said to ask for it, {blocks:?} do"));
        }
        let group = self.plan.groups.get(said.group.0 as usize);
        if group != Some(&first) {
            return Err(format!("is said to come with any of {group:?} first, comes with {first:?}"));
        }
        Ok(())
    }

    /// Notes that parts read what any of these fetches brings.
    pub fn part_must(&mut self, parts: &[Part], producers: &[FetchId]) {
        self.part_may(parts, producers);
        for reads in parts.iter().filter_map(|part| index(*part)) {
            if let Some(reads) = self.parts.get_mut(reads)
                && !reads.must.iter().any(|known| known == producers)
            {
                reads.must.push(producers.to_vec());
            }
        }
    }

    /// Notes that parts may read what these fetches bring.
    pub fn part_may(&mut self, parts: &[Part], producers: &[FetchId]) {
        for reads in parts.iter().filter_map(|part| index(*part)) {
            if let Some(reads) = self.parts.get_mut(reads) {
                reads.may.extend(producers);
            }
        }
    }

    /// Checks that each part begins once, after those around it, and needs just what it reads.
    pub fn all_parts(&mut self) {
        let plan = self.plan;
        if plan.blocks.is_empty() {
            return;
        }
        let mut begun = vec![0_usize; plan.blocks.len()];
        count_begun(&plan.response, &mut begun);
        let parts = (0..).map(BlockId).map(Part::Later).zip(&plan.blocks).map(|(part, block)| (part, &block.needs));
        let parts: Vec<_> = std::iter::once((Part::First, &plan.first)).chain(parts).collect();
        for (part, needs) in parts {
            let name = self.part_name(part);
            let faults =
                self.part_faults(part, &begun).into_iter().map(|why| Unsound::Part { part: name.clone(), why });
            let needless = self.needless_needs(part, needs).into_iter();
            let waits = needless.map(|fetch| Unsound::PartWaits { part: name.clone(), fetch });
            let found: Vec<Unsound> = faults.chain(waits).collect();
            self.found.extend(found);
        }
    }

    /// What a part waits for without reading from it. What another need waits for costs no time; a later part that reads
    /// nothing at all is of objects that never come: it never begins.
    fn needless_needs(&self, part: Part, needs: &[FetchId]) -> Vec<FetchId> {
        let reads = index(part).and_then(|index| self.parts.get(index));
        let reads = reads.filter(|reads| part == Part::First || !reads.may.is_empty());
        let is_implied = |need: FetchId| needs.iter().any(|other| self.waits(*other, need));
        let is_needless = |need: &FetchId| reads.is_some_and(|reads| !reads.may.contains(need)) && !is_implied(*need);
        needs.iter().copied().filter(is_needless).collect()
    }

    fn part_faults(&self, part: Part, begun: &[usize]) -> Vec<String> {
        let mut faults = Vec::new();
        if let Part::Later(id) = part {
            let times = begun.get(id.0 as usize).copied().unwrap_or(0);
            if times != 1 {
                faults.push(format!("begins at {times} places"));
            }
            if self.block(id).and_then(|block| block.parent).is_some_and(|parent| parent >= id) {
                faults.push("stands before the part around it".to_owned());
            }
        }
        let Some(reads) = index(part).and_then(|index| self.parts.get(index)) else { return faults };
        let done: Vec<FetchId> = self.around(part).flat_map(|part| self.needs(part)).copied().collect();
        let is_done = |fetch: &FetchId| done.iter().any(|need| need == fetch || self.waits(*need, *fetch));
        for must in reads.must.iter().filter(|must| !must.iter().any(is_done)) {
            let fetches: Vec<String> = must.iter().map(|fetch| format!("#{}", fetch.0)).collect();
            faults.push(format!("is written before {} is done", fetches.join(" or ")));
        }
        faults
    }

    /// The fetches that a part waits for; those that these wait for go without saying.
    fn needs(&self, part: Part) -> &'a [FetchId] {
        match part {
            Part::First => &self.plan.first,
            Part::Later(id) => self.block(id).map(|block| block.needs.as_slice()).unwrap_or_default(),
        }
    }

    /// The parts that wait for a fetch, directly or not.
    pub fn parts_of(&self, fetch: FetchId) -> Vec<Part> {
        let later = (0..).map(|id| Part::Later(BlockId(id))).take(self.plan.blocks.len());
        let waits = |part: &Part| self.needs(*part).iter().any(|need| *need == fetch || self.waits(*need, fetch));
        std::iter::once(Part::First).chain(later).filter(waits).collect()
    }

    fn part_name(&self, part: Part) -> String {
        match part {
            Part::First => "the first part".to_owned(),
            Part::Later(id) => match self.block(id).and_then(|block| block.label.as_ref()) {
                Some(label) => format!("the deferred part \"{label}\""),
                None => format!("deferred part {}", id.0),
            },
        }
    }
}

/// The label of a fragment that is deferred; `None` if it isn't.
fn label<'d>(directives: &'d DirectiveList, conditions: &dyn Fn(&str) -> Option<bool>) -> Option<Option<&'d str>> {
    let directive = directives.get("defer")?;
    let argument = |name: &str| directive.arguments.iter().find(|argument| argument.name == name);
    let is_wanted = match argument("if").map(|argument| argument.value.as_ref()) {
        Some(Value::Boolean(value)) => *value,
        Some(Value::Variable(name)) => conditions(name).unwrap_or(true),
        _ => true,
    };
    is_wanted.then(|| argument("label").and_then(|argument| argument.value.as_str()))
}

fn later(part: Part) -> Option<BlockId> {
    match part {
        Part::First => None,
        Part::Later(id) => Some(id),
    }
}

/// Where the reads of a part are kept.
fn index(part: Part) -> Option<usize> {
    match part {
        Part::First => Some(0),
        Part::Later(id) => usize::try_from(id.0).ok()?.checked_add(1),
    }
}

/// Counts where each block begins. Recursion is bounded by the shape's depth.
fn count_begun(shape: &Shape, begun: &mut [usize]) {
    for variant in &shape.variants {
        for id in &variant.begun {
            if let Some(count) = begun.get_mut(id.0 as usize) {
                *count += 1;
            }
        }
        variant.fields.iter().filter_map(|field| field.selection.as_ref()).for_each(|shape| count_begun(shape, begun));
    }
}
