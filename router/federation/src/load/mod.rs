//! Loading a supergraph: `SDL → Supergraph`, everything bound, everything wrong said at once.
//!
//! Accepts what this project's composer writes and what others write in join v0.1 to v0.5. It must never panic,
//! whatever the text; it must never guess either: what it can't bind is a diagnostic.

mod api_schema;
mod arguments;
mod contexts;
mod features;
mod field_sets;
mod fields;
mod owners;
mod possible;
mod subgraph_schemas;
mod subgraphs;
mod types;

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::thread;

use graphql::{Diagnostic, Name, Schema, SchemaLimits, Valid};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxBuildHasher, FxHasher};

use crate::query_graph::QueryGraph;
use crate::supergraph::{Context, SubgraphInfo, Supergraph, Type};
use crate::{SubgraphId, TypeId};
use features::Features;

/// Stands in every finding about the supergraph itself.
const INVALID: &str = "INVALID_FEDERATION_SUPERGRAPH";

/// Types below which a thread costs more than it saves: with a hundred, half of the work takes a millisecond, and a thread on a
/// busy machine waits for as long.
const TYPES_MIN: usize = 100;

/// What a supergraph may be.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The SDL's length in bytes. Large public supergraphs have 5 MB.
    pub sdl_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { sdl_bytes_max: 64 << 20 }
    }
}

/// What the directives are called that stand on every type and field; empty for those of features not linked.
struct DirectiveNames {
    ty: String,
    field: String,
    implements: String,
    union_member: String,
    inaccessible: String,
}

impl DirectiveNames {
    fn of(features: &Features) -> Self {
        let join = |element| features.directive("join", element).unwrap_or_default();
        Self {
            ty: join("type"),
            field: join("field"),
            implements: join("implements"),
            union_member: join("unionMember"),
            inaccessible: features.directive("inaccessible", "inaccessible").unwrap_or_default(),
        }
    }
}

/// Types by name. Every field's type is looked up here.
type TypeNames = IndexMap<Name, TypeId, FxBuildHasher>;

/// What the steps of loading share.
struct Loading<'a> {
    schema: &'a Schema,
    features: Features,
    directives: DirectiveNames,
    graphs: IndexMap<Name, SubgraphId>,
    type_by_name: TypeNames,
    override_labels: IndexSet<String>,
    /// The types that set each context.
    contexts: IndexMap<String, Vec<TypeId>>,
    findings: Vec<Diagnostic>,
}

impl Supergraph {
    /// Loads a supergraph from its SDL.
    ///
    /// # Errors
    /// All findings at once: `INVALID_GRAPHQL` for what isn't a schema, `INVALID_FEDERATION_SUPERGRAPH` for what is
    /// no supergraph.
    pub fn parse(sdl: &str, limits: Limits) -> Result<Self, Vec<Diagnostic>> {
        let schema = &parse_schema(sdl, limits)?;
        let features = Features::of(schema)?;
        // The clients' schema and the model have nothing to do with each other, and take about as long.
        let build = || api_schema::build(schema, &features);
        let load = || Self::load_model(schema, features.clone());
        let (api_schema, model) = if schema.types.len() < TYPES_MIN {
            (build(), load())
        } else {
            thread::scope(|scope| match thread::Builder::new().spawn_scoped(scope, build) {
                Ok(other) => {
                    let model = load();
                    (other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), model)
                }
                // Where no thread is to be had, this one does both.
                Err(_) => (build(), load()),
            })
        };
        let api_schema = Arc::new(api_schema?);
        let introspection = graphql::Introspection::of(&api_schema);
        Ok(Self { api_schema, introspection, hash: hash(sdl), ..model? })
    }

    /// Loads a schema in order to reason about it: nothing can be served with the result, which has no API schema and
    /// no hash. The schema need not be valid.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn for_proof(schema: &Schema) -> Result<Self, Vec<Diagnostic>> {
        Self::load_model(schema, Features::of(schema)?)
    }

    /// Everything but the clients' schema and the text's hash.
    fn load_model(schema: &Schema, features: Features) -> Result<Self, Vec<Diagnostic>> {
        let (subgraphs, graphs) = subgraphs::load(schema, &features)?;
        let type_by_name = types::names(schema, &features);
        let mut loading = Loading {
            schema,
            directives: DirectiveNames::of(&features),
            features,
            graphs,
            type_by_name,
            override_labels: IndexSet::new(),
            contexts: IndexMap::new(),
            findings: Vec::new(),
        };
        let mut types = types::load(&mut loading);
        contexts::load(&mut loading, &mut types);
        let mut fields = fields::load(&mut loading, &mut types);
        field_sets::bind(&mut loading, &mut types, &mut fields);
        if loading.features.has_owners() {
            owners::complete(&loading, &types, &mut fields);
        }
        // Only now: what is still to be bound goes by a join's place as it is written.
        fields.loaded.iter_mut().for_each(|field| field.joins.sort_by_key(|join| join.subgraph));
        loading.finish(subgraphs, types, fields.loaded)
    }
}

impl Loading<'_> {
    fn finish(
        self,
        subgraphs: Vec<SubgraphInfo>,
        types: Vec<Type>,
        fields: Vec<crate::supergraph::Field>,
    ) -> Result<Supergraph, Vec<Diagnostic>> {
        let root = |name: Option<&graphql::schema::ComponentName>| {
            name.and_then(|name| self.type_by_name.get(name.name.as_str()).copied())
        };
        let definition = &self.schema.schema_definition;
        let (query, mutation) = (root(definition.query.as_ref()), root(definition.mutation.as_ref()));
        let subscription = root(definition.subscription.as_ref());
        let mut findings = self.findings;
        let Some(query) = query else {
            findings.push(Diagnostic::error(INVALID, "the supergraph has no query root"));
            return Err(findings);
        };
        if !findings.is_empty() {
            return Err(findings);
        }
        let graph = QueryGraph::new(&types, &fields);
        let type_by_name = self.type_by_name.into_iter().collect();
        Ok(Supergraph {
            api_schema: Arc::new(Valid::assume_valid(Schema::new())),
            subgraphs,
            types,
            fields,
            type_by_name,
            override_labels: self.override_labels.into_iter().collect(),
            contexts: self.contexts.into_iter().map(|(name, types)| Context { name, types }).collect(),
            query,
            mutation,
            subscription,
            hash: 0,
            graph,
            introspection: graphql::Introspection::default(),
        })
    }

    fn invalid(&mut self, message: impl Into<String>) {
        self.findings.push(Diagnostic::error(INVALID, message));
    }
}

/// What clients see of a supergraph's schema.
///
/// # Errors
/// What GraphQL says against it.
pub fn api_schema_of(supergraph: &Schema) -> Result<Valid<Schema>, Vec<Diagnostic>> {
    api_schema::build(supergraph, &Features::of(supergraph)?)
}

/// Whether a supergraph's schema links what hides elements from clients. If not, they see a valid schema wherever the
/// whole is one: vocabulary is never referred to by what isn't.
pub fn may_hide(supergraph: &Schema) -> bool {
    Features::of(supergraph).is_ok_and(|features| features.directive("inaccessible", "inaccessible").is_some())
}

fn parse_schema(sdl: &str, limits: Limits) -> Result<Schema, Vec<Diagnostic>> {
    if sdl.len() > limits.sdl_bytes_max {
        let message = format!("the supergraph has {} bytes; at most {} are read", sdl.len(), limits.sdl_bytes_max);
        return Err(vec![Diagnostic::error(INVALID, message)]);
    }
    let limits = SchemaLimits::default();
    let document = graphql::parse_schema_document("supergraph", sdl, &limits)?;
    let schema = document.to_schema().map_err(|found| graphql::diagnostics(&found.errors, "INVALID_GRAPHQL"))?;
    let cycles = graphql::default_cycles(&schema);
    if cycles.is_empty() { Ok(schema) } else { Err(cycles.iter().map(|cycle| endless(cycle)).collect()) }
}

/// A value that would never end, where a client leaves it to its defaults.
fn endless(cycle: &[(Name, Name)]) -> Diagnostic {
    let fields: Vec<String> = cycle.iter().map(|(ty, field)| format!("\"{ty}.{field}\"")).collect();
    Diagnostic::error("INVALID_GRAPHQL", format!("The defaults of {} hold themselves without end", fields.join(", ")))
}

fn hash(sdl: &str) -> u64 {
    let mut hasher = FxHasher::default();
    sdl.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
