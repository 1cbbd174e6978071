//! Going down the merged data by a fetch's path, as far as the fetch can see.

use std::rc::Rc;

use federation::TypeSet;

use super::data::Data;
use super::{Proof, Unsound};
use crate::plan::{FetchId, PathSegment};

/// What is done at a path's end: to a position, for objects of some types.
type Visit<'v, 'a> = &'v mut dyn FnMut(&mut Proof<'a>, &mut Data, &TypeSet);

impl<'a> Proof<'a> {
    /// Visits the positions at a path. Recursion is bounded by the path's length.
    pub fn at(&mut self, fetch: FetchId, data: &mut Data, path: &[PathSegment], visit: Visit<'_, 'a>) {
        let all = data.classes.iter().flat_map(|class| class.types.iter()).collect();
        if !self.down(fetch, data, (path, &all), visit) && !all.is_empty() {
            let path = self.path_text(path);
            self.found.push(Unsound::Path { fetch, path });
        }
    }

    /// Whether any object was there.
    fn down(
        &mut self,
        fetch: FetchId,
        data: &mut Data,
        (path, types): (&[PathSegment], &TypeSet),
        visit: Visit<'_, 'a>,
    ) -> bool {
        match path.split_first() {
            None => {
                visit(self, data, types);
                true
            }
            Some((PathSegment::Type(only), rest)) => {
                data.split(only);
                let within = types.intersection(only);
                if within.is_empty() {
                    // No such object can be there.
                    return true;
                }
                for class in data.classes.iter().filter(|class| !class.types.intersection(&within).is_empty()) {
                    if !self.tells(fetch, &class.tellers.clone()) {
                        let types = self.type_names(&class.types);
                        self.found.push(Unsound::UnknownType { fetch, types });
                    }
                }
                self.down(fetch, data, (rest, &within), visit)
            }
            Some((PathSegment::Key(key), rest)) => {
                data.split(types);
                let mut any = false;
                for class in data.classes.iter_mut().filter(|class| class.types.is_subset(types)) {
                    // What is kept is copied when it changes, so it is kept only for those who read it.
                    let above = self.reads_above(fetch).then(|| class.clone());
                    let Some(value) = class.values.get_mut(key) else { continue };
                    let Some(below) = &mut value.below else { continue };
                    if self.sees(Some(fetch), &value.producers) {
                        self.above.extend(above);
                        let below = Rc::make_mut(below);
                        let all = below.classes.iter().flat_map(|class| class.types.iter()).collect();
                        any |= self.down(fetch, below, (rest, &all), visit);
                        self.above.pop();
                    }
                }
                any
            }
        }
    }

    fn path_text(&self, path: &[PathSegment]) -> String {
        let segments = path.iter().map(|segment| match segment {
            PathSegment::Key(key) => self.key_name(*key),
            PathSegment::Type(types) => format!("|{}|", self.type_names(types)),
        });
        segments.collect::<Vec<_>>().join("/")
    }
}
