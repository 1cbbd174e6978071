//! Random supergraphs: entities with several keys spread over subgraphs, and every directive somewhere.
//!
//! What comes out need not compose: the composer says, and the next is tried.

mod entities;
mod fields;
mod inert;
mod inputs;
mod interface_objects;
mod interfaces;
mod provisions;
mod requirements;
mod roots;
mod values;

use fastrand::Rng;

use super::schema::{Field, GRAPHS, Graph, Schema};
pub use inputs::{Arguments, NONE};

const LEAVES: [&str; 8] = ["String", "Int", "Float", "Boolean", "ID", "Colour", "Mood", "Blob"];

/// Makes one.
pub struct Generator {
    rng: Rng,
    schema: Schema,
    entities: Vec<String>,
    /// The subgraphs that take the interface for an object.
    interface_objects: Vec<Graph>,
}

/// A field before it is anybody's.
#[derive(Clone, Copy)]
struct Of<'a> {
    ty: &'a str,
    arguments: &'static Arguments,
}

impl Generator {
    /// A random supergraph.
    pub fn schema(seed: u64) -> Schema {
        let mut rng = Rng::with_seed(seed);
        let graphs = rng.usize(2..=GRAPHS.len());
        let schema = Schema { graphs, common: inputs::COMMON.to_owned(), ..Schema::default() };
        let mut generator = Self { rng, schema, entities: Vec::new(), interface_objects: Vec::new() };
        generator.interface_objects();
        generator.entities();
        generator.interface();
        generator.interface_of_interfaces();
        generator.values();
        generator.union();
        generator.fields();
        generator.interface_object_fields();
        generator.roots();
        generator.inert();
        generator.spellings();
        generator.schema
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn graph(&mut self) -> Graph {
        self.rng.usize(..self.schema.graphs)
    }

    /// One of the subgraphs that know a type.
    fn graph_of(&mut self, ty: &str) -> Graph {
        let graphs: Vec<Graph> = self.schema.ty(ty).graphs.iter().copied().collect();
        *self.rng.choice(&graphs).unwrap_or(&0)
    }

    fn add(&mut self, ty: &str, name: &str, of: Of<'_>, graph: Graph, directive: &str) {
        let ty = self.schema.ty(ty);
        ty.graphs.insert(graph);
        let fresh = || Field { ty: of.ty.to_owned(), arguments: of.arguments, ..Field::default() };
        let directives = ty.fields.entry(name.to_owned()).or_insert_with(fresh).graphs.entry(graph).or_default();
        if !directive.is_empty() {
            directives.insert(directive.to_owned());
        }
    }

    fn leaf(&mut self) -> String {
        let leaf = LEAVES[self.rng.usize(..LEAVES.len())];
        self.wrapped(leaf)
    }

    /// A type within lists and non-nulls.
    fn wrapped(&mut self, name: &str) -> String {
        let wrap = ["T", "T", "T", "T!", "T!", "[T]", "[T!]", "[T!]!", "[T]!", "[[T]]", "[[T!]!]!"];
        wrap[self.rng.usize(..wrap.len())].replace('T', name)
    }

    /// What a field in a subgraph may be of.
    fn composite(&mut self, graph: Graph) -> Option<String> {
        let is_fit = |name: &str| !matches!(name, "Tag" | "Query" | "Mutation");
        let types = self.schema.types.iter().filter(|(name, ty)| ty.graphs.contains(&graph) && is_fit(name));
        let unions = self.schema.unions.iter().filter(|(_, by)| by.contains_key(&graph)).map(|(name, _)| name);
        let names: Vec<String> = types.map(|(name, _)| name).chain(unions).cloned().collect();
        self.rng.choice(&names).cloned()
    }

    /// How subgraphs write the same: in Federation 1, or with root types of other names.
    fn spellings(&mut self) {
        for graph in 0..self.schema.graphs {
            if self.chance(15) {
                self.schema.federation_one.insert(graph);
            }
            if self.chance(10) {
                self.schema.renamed_roots.insert(graph);
            }
        }
    }
}

impl<'a> Of<'a> {
    /// Of a type, without arguments.
    fn plain(ty: &'a str) -> Self {
        Self { ty, arguments: &inputs::NONE }
    }

    /// The type without what wraps it.
    fn named(self) -> String {
        named(self.ty)
    }
}

/// The name within a type's text.
fn named(ty: &str) -> String {
    ty.chars().filter(|letter| letter.is_alphanumeric()).collect()
}
