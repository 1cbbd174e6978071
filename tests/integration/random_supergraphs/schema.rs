//! A random supergraph before it is text: types with the subgraphs that have each field.

use std::collections::{BTreeMap, BTreeSet};

use super::generate::Arguments;

/// A subgraph, by number.
pub type Graph = usize;

/// The letters that name subgraphs.
pub const GRAPHS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Several subgraphs may resolve the field.
pub const SHAREABLE: &str = "@shareable";
/// Another subgraph resolves the field.
pub const EXTERNAL: &str = "@external";

const LINK: &str = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.9\", import: [\"@key\", \"@requires\", \
     \"@provides\", \"@external\", \"@shareable\", \"@override\", \"@inaccessible\", \"@interfaceObject\", \"@tag\", \
     \"@authenticated\", \"@requiresScopes\", \"@policy\", \"@cost\"])\n";

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
    /// Subgraphs that are written as in Federation 1, if they can.
    pub federation_one: BTreeSet<Graph>,
    /// Subgraphs whose root types have names of their own.
    pub renamed_roots: BTreeSet<Graph>,
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
#[derive(Clone, Debug)]
pub struct Field {
    /// Its arguments.
    pub arguments: &'static Arguments,
    /// Its type.
    pub ty: String,
    /// Who has it, with the directives there.
    pub graphs: BTreeMap<Graph, BTreeSet<String>>,
}

impl Schema {
    /// The SDL of a subgraph.
    pub fn sdl(&self, graph: Graph) -> String {
        let spelling = self.spelling(graph);
        let mut sdl = String::new();
        if spelling == Spelling::Two {
            sdl.push_str(LINK);
        }
        let root = |name: &str| self.types.get(name).is_some_and(|ty| ty.graphs.contains(&graph));
        if self.renamed_roots.contains(&graph) && root("Query") {
            let mutation = if root("Mutation") { " mutation: Changes" } else { "" };
            sdl.push_str(&format!("schema {{ query: Questions{mutation} }}\n"));
        }
        match spelling {
            Spelling::One => sdl.push_str(&self.common.replace(" @inaccessible", "")),
            Spelling::Two => sdl.push_str(&self.common),
        }
        for (name, ty) in self.types.iter().filter(|(_, ty)| ty.graphs.contains(&graph)) {
            self.write_type((graph, spelling), name, ty, &mut sdl);
        }
        for (name, members) in &self.unions {
            if let Some(members) = members.get(&graph) {
                let members: Vec<&str> = members.iter().map(String::as_str).collect();
                sdl.push_str(&format!("union {name} = {}\n", members.join(" | ")));
            }
        }
        sdl
    }

    /// How a subgraph is written: what Federation 1 lacks takes Federation 2.
    fn spelling(&self, graph: Graph) -> Spelling {
        const KNOWN: [&str; 6] = [SHAREABLE, EXTERNAL, "@requires", "@provides", "@deprecated", "@key"];
        let is_known = |directive: &String| KNOWN.iter().any(|known| directive.starts_with(known));
        let types = || self.types.values().filter(|ty| ty.graphs.contains(&graph));
        let is_simple = types().all(|ty| {
            let keys = ty.keys.get(&graph);
            let directives = ty.fields.values().filter_map(|field| field.graphs.get(&graph));
            directives.flatten().all(is_known)
                && keys.is_none_or(|keys| ty.kind == Kind::Object && !keys.iter().any(|key| key.contains("resolvable")))
        });
        if self.federation_one.contains(&graph) && is_simple { Spelling::One } else { Spelling::Two }
    }

    fn write_type(&self, (graph, spelling): (Graph, Spelling), name: &str, ty: &Type, sdl: &mut String) {
        let is_object = ty.kind == Kind::Object || ty.interface_object.contains(&graph);
        let keys = ty.keys.get(&graph);
        // In Federation 1 all but one extend an entity.
        let extends = spelling == Spelling::One && keys.is_some() && ty.graphs.first() != Some(&graph);
        sdl.push_str(if extends { "extend " } else { "" });
        sdl.push_str(if is_object { "type " } else { "interface " });
        sdl.push_str(match name {
            "Query" if self.renamed_roots.contains(&graph) => "Questions",
            "Mutation" if self.renamed_roots.contains(&graph) && self.types["Query"].graphs.contains(&graph) => {
                "Changes"
            }
            name => name,
        });
        if let Some(implements) = ty.implements.get(&graph).filter(|implements| !implements.is_empty()) {
            let implements: Vec<&str> = implements.iter().map(String::as_str).collect();
            sdl.push_str(&format!(" implements {}", implements.join(" & ")));
        }
        for key in keys.into_iter().flatten() {
            sdl.push_str(&format!(" @key(fields: {key})"));
        }
        if ty.interface_object.contains(&graph) {
            sdl.push_str(" @interfaceObject");
        }
        sdl.push_str(" {\n");
        for (name, field) in &ty.fields {
            let Some(directives) = field.graphs.get(&graph) else { continue };
            sdl.push_str(&format!("  {name}{}: {}", field.arguments.definition, field.ty));
            let directives = directives.iter().filter(|one| spelling == Spelling::Two || *one != SHAREABLE);
            directives.for_each(|directive| sdl.push_str(&format!(" {directive}")));
            if extends && matches!(name.as_str(), "id" | "code" | "tag") {
                sdl.push_str(" @external");
            }
            sdl.push('\n');
        }
        sdl.push_str("}\n");
    }

    /// The type of that name.
    pub fn ty(&mut self, name: &str) -> &mut Type {
        self.types.entry(name.to_owned()).or_default()
    }
}

/// The federation version of a subgraph.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling {
    One,
    Two,
}

impl Default for Field {
    fn default() -> Self {
        Self { arguments: &super::generate::NONE, ty: String::new(), graphs: BTreeMap::new() }
    }
}
