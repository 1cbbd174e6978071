//! The members of an answer: `errors`, and `data` as it should be.

use std::ops::Range;

use graphql::json::{Kind, unescaped_eq};
use planner::plan::Selection;

use super::{DEPTH_MAX, Data, Expect, ReadError, Reader};
use crate::null::Reason;
use crate::store::NodeId;

impl<'p> Reader<'_, 'p> {
    pub fn errors(&mut self) -> Result<Option<Range<usize>>, ReadError> {
        let kind = self.scanner.peek()?;
        let span = self.scanner.value(DEPTH_MAX)?;
        let text = self.scanner.slice(span.clone());
        let empty = kind == Kind::Array && text.iter().all(|byte| b"[] \t\r\n".contains(byte)) && text.len() >= 2 && {
            // `[[]]` is not empty.
            text.iter().filter(|byte| **byte == b'[').count() == 1
        };
        Ok((kind != Kind::Null && !empty).then_some(span))
    }

    pub fn data(&mut self, expect: Expect, selection: &'p Selection) -> Result<Data, ReadError> {
        match (self.scanner.peek()?, expect) {
            (Kind::Null, _) => {
                self.scanner.value(0)?;
                Ok(Data::None)
            }
            (Kind::Object, Expect::Root) => Ok(Data::Root(self.object(selection, DEPTH_MAX)?)),
            (Kind::Object, Expect::Entities) => self.entities(selection),
            _ => {
                self.scanner.value(DEPTH_MAX)?;
                Ok(Data::Malformed("data is not an object"))
            }
        }
    }

    fn entities(&mut self, selection: &'p Selection) -> Result<Data, ReadError> {
        let mut data = Data::MISSING;
        self.scanner.enter();
        let mut key = self.scanner.object_first()?;
        while let Some(span) = key {
            if !unescaped_eq(self.scanner.slice(span), "_entities") {
                self.scanner.value(DEPTH_MAX)?;
            } else {
                data = self.listed(selection)?;
            }
            key = self.scanner.object_next()?;
        }
        Ok(data)
    }

    /// A list of entities, if that is what comes.
    pub fn listed(&mut self, selection: &'p Selection) -> Result<Data, ReadError> {
        match self.scanner.peek()? {
            Kind::Array => Ok(Data::Entities(self.entity_list(selection)?)),
            Kind::Null => {
                self.scanner.value(0)?;
                Ok(Data::None)
            }
            _ => {
                self.scanner.value(DEPTH_MAX)?;
                Ok(Data::Malformed("_entities is not a list"))
            }
        }
    }

    fn entity_list(&mut self, selection: &'p Selection) -> Result<Vec<NodeId>, ReadError> {
        let mut entities = Vec::new();
        self.scanner.enter();
        let mut more = self.scanner.array_first()?;
        while more {
            let kind = self.scanner.peek()?;
            if kind == Kind::Object {
                entities.push(self.object(selection, DEPTH_MAX)?);
            } else {
                self.scanner.value(DEPTH_MAX)?;
                entities.push(match kind {
                    Kind::Null => self.store.add_null(Reason::Answered, Some(selection))?,
                    // Nothing came of it, and nobody says that there is none.
                    _ => self.empty(selection)?,
                });
            }
            more = self.scanner.array_next()?;
        }
        Ok(entities)
    }
}
