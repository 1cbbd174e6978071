//! Answers to several fetches of entities in one, each under a response key.

use bytes::Bytes;
use federation::{SubgraphId, Supergraph};
use graphql::json::{Kind, unescaped_eq};
use planner::plan::{FetchId, Selection};

use super::{DEPTH_MAX, Data, ReadError, Reader, Repeated};
use crate::names::Names;
use crate::store::Store;

/// What one of the fetches takes.
#[derive(Clone, Copy, Debug)]
pub struct Together<'k, 'p> {
    /// The response key of its entities.
    pub key: &'k str,
    /// The fetch.
    pub fetch: FetchId,
    /// What is taken of each entity.
    pub output: &'p Selection,
}

/// Reads an answer without errors: what it has for each fetch. `None`, with nothing kept, if it has errors or isn't what was
/// asked for: what that means for each fetch shows when it has been taken apart.
pub fn read_together<'p>(
    store: &mut Store<'p>,
    (supergraph, subgraph): (&Supergraph, SubgraphId),
    bytes: &Bytes,
    together: &[Together<'_, 'p>],
) -> Option<Vec<Data>> {
    let before = store.mark();
    let read = read(store, (supergraph, subgraph), bytes, together);
    if !matches!(read, Ok(Some(_))) {
        store.forget(before);
    }
    read.ok().flatten()
}

fn read<'p>(
    store: &mut Store<'p>,
    of: (&Supergraph, SubgraphId),
    bytes: &Bytes,
    together: &[Together<'_, 'p>],
) -> Result<Option<Vec<Data>>, ReadError> {
    let Some(first) = together.first() else { return Ok(None) };
    let names = Names::new(together.iter().map(|one| one.key));
    let mut reader = Reader::new(store, of, (first.fetch, bytes), None)?;
    let mut buffers = vec![reader.buffer];
    for other in together.iter().skip(1) {
        buffers.push(reader.store.share_buffer(bytes, other.fetch)?);
    }
    let mut data = None;
    if reader.scanner.peek()? != Kind::Object {
        return Ok(None);
    }
    reader.scanner.enter();
    let mut key = reader.scanner.object_first()?;
    while let Some(span) = key {
        let name = reader.scanner.slice(span);
        if unescaped_eq(name, "data") && reader.scanner.peek()? == Kind::Object {
            data = Some(reader.each(&names, (together, &buffers))?);
        } else if unescaped_eq(name, "data") || (unescaped_eq(name, "errors") && reader.errors()?.is_some()) {
            return Ok(None);
        } else if !unescaped_eq(name, "errors") {
            reader.scanner.value(DEPTH_MAX)?;
        }
        key = reader.scanner.object_next()?;
    }
    reader.scanner.finish()?;
    Ok(data)
}

impl<'p> Reader<'_, 'p> {
    /// The lists of entities in an object, each by its key.
    fn each(
        &mut self,
        names: &Names<'_>,
        (together, buffers): (&[Together<'_, 'p>], &[u32]),
    ) -> Result<Vec<Data>, ReadError> {
        let mut data: Vec<Data> = together.iter().map(|_| Data::MISSING).collect();
        self.scanner.enter();
        let mut key = self.scanner.object_first()?;
        while let Some(span) = key {
            let place = names.place(self.scanner.slice(span));
            match place.and_then(|at| Some((data.get_mut(at)?, together.get(at)?, buffers.get(at)?))) {
                None => {
                    self.scanner.value(DEPTH_MAX)?;
                }
                Some((data, one, buffer)) => {
                    (self.fetch, self.buffer) = (one.fetch, *buffer);
                    self.repeated = Some(Repeated::default());
                    *data = self.listed(one.output)?;
                }
            }
            key = self.scanner.object_next()?;
        }
        Ok(data)
    }
}
