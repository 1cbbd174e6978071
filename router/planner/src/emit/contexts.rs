//! Arguments that are read from contexts: where their values stand, and their variables in the document.
//!
//! While a selection is written nobody knows yet which variables the document will have. So it gets marks in place of the
//! variables; a mark can't be taken for anything else, since no control character is written into a document.

use federation::supergraph::FieldType;
use federation::{TypeId, TypeSet};
use graphql::Name;

use super::Keys;
use super::name::free_name;
use crate::PlanError;
use crate::draft::{Draft, PlaceId, ReadAt, Reading};
use crate::operation::{NodeId, What};
use crate::plan::{ContextSource, ContextualArgument, Grouped, Piece, RepresentationMember, RepresentationSelection};

/// Stands around the index of a contextual argument. Its name in Unicode is "substitute".
const MARK: char = '\u{1A}';

/// The contextual arguments of a document, in the order of their first use.
#[derive(Default)]
pub struct Contexts {
    known: Vec<(FieldType, Vec<ReadAt>)>,
}

impl Contexts {
    /// Adds a field's arguments that are read from contexts to those that it has.
    pub fn write(&mut self, readings: &[Reading], call: &mut String) {
        for reading in readings {
            let known = self.known.iter().position(|(ty, sources)| *ty == reading.ty && *sources == reading.sources);
            let index = known.unwrap_or_else(|| {
                self.known.push((reading.ty.clone(), reading.sources.clone()));
                self.known.len() - 1
            });
            let separator = if call.ends_with(')') { ',' } else { '(' };
            if separator == ',' {
                call.pop();
            }
            call.push_str(&format!("{separator}{}:{MARK}{index}{MARK})", reading.argument));
        }
    }

    /// Finds where the values stand in the merged data.
    pub fn bind(self, draft: &Draft<'_>, keys: &mut Keys) -> Result<Vec<ContextualArgument>, PlanError> {
        let mut finder = Finder { draft, keys };
        let mut bound = Vec::with_capacity(self.known.len());
        for (ty, read) in self.known {
            let sources: Result<Vec<_>, PlanError> = read.iter().map(|at| finder.sources(at)).collect();
            let sources = sources?.into_iter().flatten().collect();
            bound.push(ContextualArgument { variable: String::new(), ty, sources });
        }
        Ok(bound)
    }
}

/// Finds where values stand.
struct Finder<'d, 'a> {
    draft: &'d Draft<'a>,
    keys: &'d mut Keys,
}

impl Finder<'_, '_> {
    /// Where the values at one place stand, by what is read there.
    fn sources(&mut self, at: &ReadAt) -> Result<Vec<ContextSource>, PlanError> {
        let mut sources: Vec<ContextSource> = Vec::new();
        for ty in at.types.iter() {
            let value = at.node.map(|node| self.member(at.place, ty, node)).transpose()?.flatten();
            match sources.iter_mut().find(|known| known.value == value) {
                Some(known) => known.types.insert(ty),
                None => sources.push(ContextSource { up: at.up, types: TypeSet::one(ty), value }),
            }
        }
        if let ([only], false) = (sources.as_mut_slice(), at.by_type) {
            only.types = TypeSet::default();
        }
        Ok(sources)
    }

    /// The one thing that a node selects of objects of a type, if anything. Recursion is bounded by the depth of field
    /// sets.
    fn member(&mut self, place: PlaceId, ty: TypeId, node: NodeId) -> Result<Option<RepresentationMember>, PlanError> {
        let draft = self.draft;
        let node = draft.operation.node(node);
        let variant = node.variants.iter().find(|variant| variant.types.contains(ty));
        let Some(selected) = variant.and_then(|variant| variant.fields.first()) else { return Ok(None) };
        let What::Field(call) = &selected.what else {
            let name = "__typename".to_owned();
            return Ok(Some(RepresentationMember { name, source: None, required: true, selection: Vec::new() }));
        };
        let value = draft.state.value(&draft.operation, (place, ty), call, selected.child);
        let value = value.ok_or(PlanError::Internal("a context without its value"))?;
        let source = Some(self.keys.id(&value.key));
        let selection = match (selected.child, value.child(ty)) {
            (Some(node), Some(below)) => self.below(below, node)?,
            (Some(_), None) => return Err(PlanError::Internal("a context's value that leads nowhere")),
            (None, _) => Vec::new(),
        };
        Ok(Some(RepresentationMember { name: call.name.to_string(), source, required: false, selection }))
    }

    fn below(&mut self, place: PlaceId, node: NodeId) -> Result<Vec<RepresentationSelection>, PlanError> {
        let mut selections: Vec<RepresentationSelection> = Vec::new();
        for ty in self.draft.state.place(place).types.iter() {
            let members: Vec<RepresentationMember> = self.member(place, ty, node)?.into_iter().collect();
            match selections.iter_mut().find(|known| known.members == members) {
                Some(known) => known.types.insert(ty),
                None => selections.push(RepresentationSelection { types: TypeSet::one(ty), members }),
            }
        }
        if let [only] = selections.as_mut_slice() {
            only.types = TypeSet::default();
        }
        Ok(selections)
    }
}

/// Names the variables of contextual arguments, and takes a selection with marks into pieces.
pub fn grouped(draft: &Draft<'_>, selection: &str, contexts: &mut [ContextualArgument], taken: &[Name]) -> Grouped {
    let base = |name: &str| free_name(name.to_owned(), |name| taken.iter().any(|taken| taken.starts_with(name)));
    let name = base("context");
    let mut arguments = Vec::with_capacity(contexts.len());
    for (index, argument) in contexts.iter_mut().enumerate() {
        argument.variable = format!("{name}{index}");
        arguments.push((argument.variable.clone(), type_text(draft, &argument.ty)));
    }
    Grouped {
        operation_name: None,
        declarations: Vec::new(),
        directives: String::new(),
        representations: base("representations"),
        arguments,
        selection: pieces(selection),
    }
}

/// A selection with marks as it is for one group of entities.
pub fn alone(selection: &str, contexts: &[ContextualArgument]) -> String {
    let text = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Argument(index) => format!("${}", contexts.get(index).map_or("", |argument| &argument.variable)),
    };
    pieces(selection).into_iter().map(text).collect()
}

/// Every other piece is the index of an argument.
fn pieces(selection: &str) -> Vec<Piece> {
    let piece = |(number, text): (usize, &str)| match text.parse() {
        Ok(index) if number % 2 == 1 => Piece::Argument(index),
        _ => Piece::Text(text.to_owned()),
    };
    selection.split(MARK).enumerate().map(piece).collect()
}

/// A type in GraphQL.
fn type_text(draft: &Draft<'_>, ty: &FieldType) -> String {
    let text = match ty {
        FieldType::Named { id, .. } => draft.supergraph.ty(*id).name.to_string(),
        FieldType::List { item, .. } => format!("[{}]", type_text(draft, item)),
    };
    if ty.is_non_null() { text + "!" } else { text }
}
