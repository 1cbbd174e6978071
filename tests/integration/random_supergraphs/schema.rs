//! A random supergraph before it is text: types with the subgraphs that have each field.

use std::collections::{BTreeMap, BTreeSet};

/// A subgraph, by number.
pub type Graph = usize;

/// The letters that name subgraphs.
pub const GRAPHS: [&str; 4] = ["a", "b", "c", "d"];

/// All types, by name.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    /// How many subgraphs there are.
    pub graphs: usize,
    /// Object and interface types; roots included.
    pub types: BTreeMap<String, Type>,
    /// Unions: members by subgraph.
    pub unions: BTreeMap<String, BTreeMap<Graph, BTreeSet<String>>>,
    /// Definitions that every subgraph has.
    pub common: String,
}

/// What stands before the name of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// `type`.
    #[default]
    Object,
    /// `interface`, or an interface object where [`Type::interface_object`] says so.
    Interface,
}

/// An object or interface type.
#[derive(Clone, Debug, Default)]
pub struct Type {
    /// Its kind.
    pub kind: Kind,
    /// Its keys by subgraph, as written after `@key`.
    pub keys: BTreeMap<Graph, BTreeSet<String>>,
    /// The interfaces that it implements, by subgraph.
    pub implements: BTreeMap<Graph, BTreeSet<String>>,
    /// The subgraphs that take it for an object.
    pub interface_object: BTreeSet<Graph>,
    /// The subgraphs that know it.
    pub graphs: BTreeSet<Graph>,
    /// Fields.
    pub fields: BTreeMap<String, Field>,
}

/// A field.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Arguments with parentheses, or nothing.
    pub arguments: String,
    /// Its type.
    pub ty: String,
    /// Who has it, with the directives there.
    pub graphs: BTreeMap<Graph, BTreeSet<String>>,
}

impl Schema {
    /// The SDL of a subgraph.
    pub fn sdl(&self, graph: Graph) -> String {
        let mut sdl = String::from(
            "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.5\", import: [\"@key\", \"@requires\", \
             \"@provides\", \"@external\", \"@shareable\", \"@override\", \"@inaccessible\", \"@interfaceObject\"])\n",
        );
        sdl.push_str(&self.common);
        for (name, ty) in self.types.iter().filter(|(_, ty)| ty.graphs.contains(&graph)) {
            self.write_type(graph, name, ty, &mut sdl);
        }
        for (name, members) in &self.unions {
            if let Some(members) = members.get(&graph) {
                let members: Vec<&str> = members.iter().map(String::as_str).collect();
                sdl.push_str(&format!("union {name} = {}\n", members.join(" | ")));
            }
        }
        sdl
    }

    fn write_type(&self, graph: Graph, name: &str, ty: &Type, sdl: &mut String) {
        let is_object = ty.kind == Kind::Object || ty.interface_object.contains(&graph);
        sdl.push_str(if is_object { "type " } else { "interface " });
        sdl.push_str(name);
        if let Some(implements) = ty.implements.get(&graph).filter(|implements| !implements.is_empty()) {
            let implements: Vec<&str> = implements.iter().map(String::as_str).collect();
            sdl.push_str(&format!(" implements {}", implements.join(" & ")));
        }
        for key in ty.keys.get(&graph).into_iter().flatten() {
            sdl.push_str(&format!(" @key(fields: {key})"));
        }
        if ty.interface_object.contains(&graph) {
            sdl.push_str(" @interfaceObject");
        }
        sdl.push_str(" {\n");
        for (name, field) in &ty.fields {
            let Some(directives) = field.graphs.get(&graph) else { continue };
            sdl.push_str(&format!("  {name}{}: {}", field.arguments, field.ty));
            directives.iter().for_each(|directive| sdl.push_str(&format!(" {directive}")));
            sdl.push('\n');
        }
        sdl.push_str("}\n");
    }

    /// The type of that name.
    pub fn ty(&mut self, name: &str) -> &mut Type {
        self.types.entry(name.to_owned()).or_default()
    }
}
