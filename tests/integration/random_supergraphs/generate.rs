//! Random supergraphs: entities with several keys spread over subgraphs, and every directive somewhere.
//!
//! What comes out need not compose: the composer says, and the next is tried.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use super::schema::{Field, GRAPHS, Graph, Kind, Schema};

const SHAREABLE: &str = "@shareable";
const EXTERNAL: &str = "@external";
const LEAVES: [&str; 7] = ["String", "Int", "Float", "Boolean", "ID", "Colour", "Blob"];
const COMMON: &str =
    "enum Colour { RED GREEN BLUE }\nscalar Blob\ninput Filter { text: String number: Int colours: [Colour!] }\n";

/// Makes one.
pub struct Generator {
    rng: Rng,
    schema: Schema,
    entities: Vec<String>,
    /// The subgraph that takes the interface for an object, if there is one.
    interface_object: Option<Graph>,
}

impl Generator {
    /// A random supergraph.
    pub fn schema(seed: u64) -> Schema {
        let mut rng = Rng::with_seed(seed);
        let graphs = rng.usize(2..=GRAPHS.len());
        let schema = Schema { graphs, common: COMMON.to_owned(), ..Schema::default() };
        let mut generator = Self { rng, schema, entities: Vec::new(), interface_object: None };
        if generator.chance(30) {
            generator.interface_object = Some(generator.rng.usize(..graphs));
        }
        generator.entities();
        generator.interface();
        generator.values();
        generator.union();
        generator.fields();
        generator.interface_fields();
        generator.roots();
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

    fn add(&mut self, ty: &str, name: &str, (type_of_field, arguments): (&str, &str), graph: Graph, directive: &str) {
        let ty = self.schema.ty(ty);
        ty.graphs.insert(graph);
        let fresh = || Field { ty: type_of_field.to_owned(), arguments: arguments.to_owned(), ..Field::default() };
        let directives = ty.fields.entry(name.to_owned()).or_insert_with(fresh).graphs.entry(graph).or_default();
        if !directive.is_empty() {
            directives.insert(directive.to_owned());
        }
    }

    fn entities(&mut self) {
        for number in 0..self.rng.usize(2..=4) {
            let name = format!("E{number}");
            self.entities.push(name.clone());
            for graph in 0..self.schema.graphs {
                if self.chance(60) && self.interface_object != Some(graph) {
                    self.know(&name, graph);
                }
            }
            if self.schema.ty(&name).graphs.is_empty() {
                let graph = (0..self.schema.graphs).find(|graph| self.interface_object != Some(*graph)).unwrap_or(0);
                self.know(&name, graph);
            }
        }
    }

    /// Lets a subgraph know an entity: by one key or several.
    fn know(&mut self, entity: &str, graph: Graph) {
        if self.schema.ty(entity).graphs.contains(&graph) {
            return;
        }
        let kinds: Vec<usize> = match self.rng.u32(..10) {
            0..=5 => vec![0],
            6 => vec![1],
            7 => vec![0, 1],
            8 => vec![2],
            _ => vec![0, 3],
        };
        for kind in kinds {
            let mut key = ["\"id\"", "\"code\"", "\"id code\"", "\"tag { name }\""][kind].to_owned();
            if self.chance(5) {
                key.push_str(", resolvable: false");
            }
            if kind != 1 && kind != 3 {
                self.add(entity, "id", ("ID!", ""), graph, "");
            }
            if kind == 1 || kind == 2 {
                self.add(entity, "code", ("String!", ""), graph, "");
            }
            if kind == 3 {
                self.add(entity, "tag", ("Tag!", ""), graph, SHAREABLE);
                self.add("Tag", "name", ("String!", ""), graph, SHAREABLE);
            }
            self.schema.ty(entity).keys.entry(graph).or_default().insert(key);
        }
    }

    /// An interface of some entities: each subgraph knows some of them, unless it is an entity interface.
    fn interface(&mut self) {
        let members: Vec<String> = self.entities.iter().take(self.rng.usize(2..=3)).cloned().collect();
        let name = "I0";
        self.schema.ty(name).kind = Kind::Interface;
        let owner = self.interface_object.map(|object| (object + 1) % self.schema.graphs);
        for graph in 0..self.schema.graphs {
            if self.interface_object == Some(graph) {
                self.add(name, "id", ("ID!", ""), graph, "");
                self.schema.ty(name).interface_object.insert(graph);
                self.schema.ty(name).keys.entry(graph).or_default().insert("\"id\"".to_owned());
                continue;
            }
            let is_owner = owner == Some(graph);
            for member in &members {
                if is_owner {
                    self.know(member, graph);
                    self.add(member, "id", ("ID!", ""), graph, "");
                    self.schema.ty(member).keys.entry(graph).or_default().insert("\"id\"".to_owned());
                }
                let ty = self.schema.ty(member);
                if ty.fields.get("id").is_some_and(|id| id.graphs.contains_key(&graph)) {
                    ty.implements.entry(graph).or_default().insert(name.to_owned());
                    self.add(name, "id", ("ID!", ""), graph, "");
                }
            }
            if is_owner {
                self.schema.ty(name).keys.entry(graph).or_default().insert("\"id\"".to_owned());
            }
        }
    }

    fn values(&mut self) {
        for number in 0..self.rng.usize(1..=2) {
            let name = format!("V{number}");
            let fields: Vec<(String, String)> =
                (0..self.rng.usize(1..=3)).map(|field| (format!("v{field}"), self.leaf())).collect();
            for graph in 0..self.schema.graphs {
                if !self.chance(70) {
                    continue;
                }
                for (index, (field, ty)) in fields.iter().enumerate() {
                    // Some know only a part.
                    if index == 0 || !self.chance(10) {
                        self.add(&name, field, (ty, ""), graph, SHAREABLE);
                    }
                }
            }
        }
    }

    fn union(&mut self) {
        let mut members: Vec<String> = self.entities.clone();
        members.extend(self.schema.types.keys().filter(|name| name.starts_with('V')).cloned());
        self.rng.shuffle(&mut members);
        members.truncate(3);
        let mut by_graph: BTreeMap<Graph, BTreeSet<String>> = BTreeMap::new();
        for graph in 0..self.schema.graphs {
            for member in &members {
                if self.schema.ty(member).graphs.contains(&graph) && self.chance(75) {
                    by_graph.entry(graph).or_default().insert(member.clone());
                }
            }
        }
        self.schema.unions.insert("U0".to_owned(), by_graph);
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
        let mut names: Vec<String> = self
            .schema
            .types
            .iter()
            .filter(|(name, ty)| {
                ty.graphs.contains(&graph) && !name.starts_with("Tag") && !matches!(name.as_str(), "Query" | "Mutation")
            })
            .map(|(name, _)| name.clone())
            .collect();
        names.extend(self.schema.unions.iter().filter(|(_, by)| by.contains_key(&graph)).map(|(name, _)| name.clone()));
        self.rng.choice(&names).cloned()
    }

    fn fields(&mut self) {
        for entity in self.entities.clone() {
            for number in 0..self.rng.usize(2..=6) {
                let graph = self.graph_of(&entity);
                let name = format!("f{number}");
                let inner = if self.chance(45) { self.composite(graph) } else { None };
                let (ty, arguments) = match inner {
                    Some(inner) => (self.wrapped(&inner), ""),
                    None if self.chance(20) => ("String".to_owned(), "(text: String, number: Int = 3, filter: Filter)"),
                    None => (self.leaf(), ""),
                };
                self.add(&entity, &name, (&ty, arguments), graph, "");
                self.share(&entity, &name, (&ty, arguments), graph);
            }
            for number in 0..self.rng.usize(0..=2) {
                self.requiring(&entity, &format!("r{number}"));
            }
        }
        for entity in self.entities.clone() {
            if self.chance(30) {
                self.providing(&entity);
            }
            if self.chance(15) {
                self.hidden(&entity);
            }
        }
    }

    /// Lets another subgraph have the field too, or take it over.
    fn share(&mut self, entity: &str, name: &str, of: (&str, &str), graph: Graph) {
        let other = self.graph_of(entity);
        let inner: String = of.0.chars().filter(|c| c.is_alphanumeric()).collect();
        let is_known = self.schema.types.get(&inner).is_none_or(|ty| ty.graphs.contains(&other));
        let is_known = is_known && self.schema.unions.get(&inner).is_none_or(|by| by.contains_key(&other));
        if other == graph || !is_known {
            return;
        }
        if self.chance(20) {
            self.add(entity, name, of, graph, SHAREABLE);
            self.add(entity, name, of, other, SHAREABLE);
        } else if self.chance(12) {
            self.add(entity, name, of, other, &format!("@override(from: \"{}\")", GRAPHS[graph]));
        }
    }

    /// A field that needs others of its object, which other subgraphs have.
    fn requiring(&mut self, entity: &str, name: &str) {
        let graph = self.graph_of(entity);
        let mut wanted: Vec<(String, Field)> = self
            .schema
            .ty(entity)
            .fields
            .iter()
            .filter(|(name, field)| {
                !field.graphs.contains_key(&graph) && !name.starts_with('r')
                    || name.starts_with('r') && !field.graphs.contains_key(&graph)
            })
            .map(|(name, field)| (name.clone(), field.clone()))
            .collect();
        self.rng.shuffle(&mut wanted);
        wanted.truncate(self.rng.usize(1..=2));
        let mut sets = Vec::new();
        for (wanted, field) in wanted {
            let inner: String = field.ty.chars().filter(|c| c.is_alphanumeric()).collect();
            let below = match self.schema.types.get(&inner) {
                _ if self.schema.unions.contains_key(&inner) => continue,
                Some(ty) if !ty.graphs.contains(&graph) => continue,
                Some(ty) if inner.starts_with('V') || inner == "Tag" => {
                    ty.fields.iter().find(|(_, field)| field.graphs.contains_key(&graph)).map(|(name, _)| name.clone())
                }
                Some(ty) => {
                    let is_there = ty.fields.get("id").is_some_and(|id| id.graphs.contains_key(&graph));
                    is_there.then(|| "id".to_owned())
                }
                None => None,
            };
            let below = match below {
                Some(below) => format!(" {{ {below} }}"),
                None if self.schema.types.contains_key(&inner) => continue,
                None => String::new(),
            };
            let arguments = if field.arguments.is_empty() || self.rng.bool() { "" } else { "(number: 7)" };
            self.add(entity, &wanted, (&field.ty, &field.arguments), graph, EXTERNAL);
            sets.push(format!("{wanted}{arguments}{below}"));
        }
        if !sets.is_empty() {
            let directive = format!("@requires(fields: \"{}\")", sets.join(" "));
            self.add(entity, name, ("String", ""), graph, &directive);
        }
    }

    /// A reference to the entity along with one of its fields that another subgraph has.
    fn providing(&mut self, entity: &str) {
        let graph = self.graph_of(entity);
        let from = self
            .schema
            .types
            .iter()
            .find(|(name, ty)| name.starts_with('E') && ty.graphs.contains(&graph) && name.as_str() != entity)
            .map(|(name, _)| name.clone());
        let provided = self
            .schema
            .ty(entity)
            .fields
            .iter()
            .find(|(name, field)| {
                let inner: String = field.ty.chars().filter(|c| c.is_alphanumeric()).collect();
                name.starts_with('f')
                    && !field.graphs.contains_key(&graph)
                    && LEAVES.contains(&inner.as_str())
                    && field
                        .graphs
                        .values()
                        .all(|directives| directives.iter().all(|one| !one.starts_with("@override")))
            })
            .map(|(name, field)| (name.clone(), field.clone()));
        let (Some(from), Some((name, field))) = (from, provided) else { return };
        let owners: Vec<Graph> = field
            .graphs
            .iter()
            .filter(|(_, directives)| !directives.contains(EXTERNAL))
            .map(|(graph, _)| *graph)
            .collect();
        for owner in owners {
            self.add(entity, &name, (&field.ty, &field.arguments), owner, SHAREABLE);
        }
        self.add(entity, &name, (&field.ty, &field.arguments), graph, EXTERNAL);
        let ty = self.wrapped(entity);
        self.add(&from, &format!("p{entity}"), (&ty, ""), graph, &format!("@provides(fields: \"{name}\")"));
    }

    fn hidden(&mut self, entity: &str) {
        let field = self.schema.ty(entity).fields.iter().find(|(name, _)| name.starts_with('f'));
        let Some((name, field)) = field.map(|(name, field)| (name.clone(), field.clone())) else { return };
        let graph = field.graphs.iter().find(|(_, directives)| !directives.contains(EXTERNAL)).map(|(graph, _)| *graph);
        if let Some(graph) = graph {
            self.add(entity, &name, (&field.ty, &field.arguments), graph, "@inaccessible");
        }
    }

    /// Fields that the subgraph of an interface object adds to all implementations.
    fn interface_fields(&mut self) {
        let Some(graph) = self.interface_object else { return };
        for number in 0..self.rng.usize(1..=2) {
            let ty = match self.composite(graph).filter(|_| self.rng.u8(..3) == 0) {
                Some(inner) => self.wrapped(&inner),
                None => self.leaf(),
            };
            self.add("I0", &format!("i{number}"), (&ty, ""), graph, "");
        }
    }

    fn roots(&mut self) {
        let mut number = 0;
        for graph in 0..self.schema.graphs {
            for _ in 0..self.rng.usize(1..=3) {
                let Some(inner) = self.composite(graph) else { continue };
                let ty = self.wrapped(&inner);
                let arguments = if self.chance(20) { "(filter: Filter, first: Int = 2)" } else { "" };
                let name = format!("q{number}");
                number += 1;
                self.add("Query", &name, (&ty, arguments), graph, "");
                self.schema.ty("Query");
                let other = self.graph();
                let is_known = self.schema.types.get(&inner).is_some_and(|ty| ty.graphs.contains(&other));
                if other != graph && is_known && self.chance(25) {
                    self.add("Query", &name, (&ty, arguments), graph, SHAREABLE);
                    self.add("Query", &name, (&ty, arguments), other, SHAREABLE);
                }
            }
            if self.chance(15) {
                let Some(inner) = self.composite(graph) else { continue };
                let ty = self.wrapped(&inner);
                self.add("Mutation", &format!("m{number}"), (&ty, "(filter: Filter)"), graph, "");
            }
        }
    }
}
