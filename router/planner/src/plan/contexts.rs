//! Arguments that are read from contexts, `@fromContext`: what they are read of, and how entities with different
//! values for them are asked in one request.
//!
//! A document has one value for a variable, so entities below different ancestors are asked as *groups*: an
//! `_entities` field each, with variables of its own. How many groups there are is known when the data has come; so the
//! plan has the document of one group, and all that is needed to write that of several.

use federation::TypeSet;
use federation::supergraph::FieldType;

use super::RepresentationMember;

/// An argument of fields of a fetch that is read from the nearest ancestor that sets a context.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextualArgument {
    /// The variable that holds its value, without `$`.
    pub variable: String,
    /// Its type in the subgraph: what may not be null there is never sent as null.
    pub ty: FieldType,
    /// Where it is read, nearest first; of an object below none of them it is null.
    pub sources: Vec<ContextSource>,
}

/// Ancestors that set a context.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextSource {
    /// How far above the entity they stand: 1 is the object that it is, or is listed, in.
    pub up: u32,
    /// Their concrete types; empty: any object there, its type known or not.
    pub types: TypeSet,
    /// What is read: of objects on the way always the one member; `None` is null.
    pub value: Option<RepresentationMember>,
}

/// How several groups of entities are asked in one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// The name of the operation.
    pub operation_name: Option<String>,
    /// The declarations of the client's variables, such as `$a:Int`.
    pub declarations: Vec<String>,
    /// The client's directives on the operation, as they are written behind the declarations.
    pub directives: String,
    /// What the names of the variables that hold representations begin with; the group's number ends them.
    pub representations: String,
    /// By contextual argument: what the name of its variable begins with, and its type in GraphQL.
    pub arguments: Vec<(String, String)>,
    /// The selection of each entity, in pieces.
    pub selection: Vec<Piece>,
}

/// A piece of a selection's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Text(String),
    /// The variable of the contextual argument of this index, with `$`.
    Argument(usize),
}

impl Grouped {
    /// The document that asks so many groups.
    pub fn document(&self, groups: usize) -> String {
        let mut declarations = Vec::with_capacity(groups * (self.arguments.len() + 1) + self.declarations.len());
        let mut body = String::new();
        for group in 0..groups {
            let representations = self.representations(group);
            let key = Self::response_key(group);
            if group > 0 {
                body.push(' ');
            }
            body.push_str(&format!("{key}:_entities(representations:${representations})"));
            for piece in &self.selection {
                match piece {
                    Piece::Text(text) => body.push_str(text),
                    Piece::Argument(index) => body.push_str(&format!("${}", self.argument(*index, group))),
                }
            }
            declarations.push(format!("${representations}:[_Any!]!"));
            let arguments = self.arguments.iter().enumerate();
            declarations.extend(arguments.map(|(index, (_, ty))| format!("${}:{ty}", self.argument(index, group))));
        }
        declarations.extend(self.declarations.iter().cloned());
        let (space, name) = self.operation_name.as_ref().map_or(("", ""), |name| (" ", name.as_str()));
        format!("query{space}{name}({}){}{{{body}}}", declarations.join(","), self.directives)
    }

    /// The response key of a group's entities.
    pub fn response_key(group: usize) -> String {
        format!("entities{group}")
    }

    /// The variable that holds a group's representations, without `$`.
    pub fn representations(&self, group: usize) -> String {
        format!("{}{group}", self.representations)
    }

    /// The variable that holds a contextual argument's value for a group, without `$`.
    pub fn argument(&self, index: usize, group: usize) -> String {
        let name = self.arguments.get(index).map_or("", |(name, _)| name);
        format!("{name}_{group}")
    }
}
