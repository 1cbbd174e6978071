//! Random queries on a suite's schema, with arguments that the suite's data answers.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use graphql::executable::{Selection, SelectionSet};
use graphql::schema::ExtendedType;
use graphql::{ExecutableDocument, Schema};

use super::suite::Suite;

/// Levels of fields at most.
const DEPTH_MAX: usize = 4;

/// What may stand behind a field; none of it leaves the field out.
const CONDITIONS: [&str; 8] = ["", "", "", "", "", "", "@include(if:true)", "@skip(if:false)"];

/// A random field.
pub struct Node {
    /// `alias: name(arguments)`.
    pub text: String,
    /// The type that it is asked of, if other than the parent's.
    pub on: Option<String>,
    /// What is asked below.
    pub children: Vec<Node>,
}

/// Makes random queries.
pub struct Generator<'a> {
    schema: &'a Schema,
    /// The arguments that the suite's own cases give to a field, by coordinate.
    arguments: BTreeMap<String, BTreeSet<String>>,
    rng: Rng,
    count: usize,
}

impl<'a> Generator<'a> {
    /// Knows a suite's schema, and from its cases which arguments there is data for.
    pub fn new(suite: &'a Suite, seed: u64) -> Self {
        let schema = &suite.supergraph.api_schema;
        let mut arguments = BTreeMap::new();
        for case in &suite.cases {
            let Ok(document) = ExecutableDocument::parse_and_validate(schema, &case.query, "case") else { continue };
            let sets = document.operations.iter().map(|operation| &operation.selection_set);
            let sets = sets.chain(document.fragments.values().map(|fragment| &fragment.selection_set));
            sets.for_each(|set| gather(set, &mut arguments));
        }
        Self { schema, arguments, rng: Rng::with_seed(seed), count: 0 }
    }

    /// Random fields of the query type; none if there was no luck.
    pub fn query(&mut self) -> Vec<Node> {
        self.nodes("Query", 1)
    }

    fn nodes(&mut self, ty: &str, depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        for _ in 0..self.rng.usize(1..=4) {
            nodes.extend(self.node(ty, depth));
        }
        nodes
    }

    fn node(&mut self, ty: &str, depth: usize) -> Option<Node> {
        let schema = self.schema;
        let within: Vec<&str> = match schema.types.get(ty)? {
            ExtendedType::Object(_) => vec![ty],
            ExtendedType::Union(_) => self.possible(ty),
            ExtendedType::Interface(_) => [vec![ty; 2], self.possible(ty)].concat(),
            _ => return None,
        };
        let on = *self.rng.choice(&within)?;
        let fields: Vec<_> = match schema.types.get(on)? {
            ExtendedType::Object(object) => object.fields.values().collect(),
            ExtendedType::Interface(interface) => interface.fields.values().collect(),
            _ => return None,
        };
        let key = format!("f{}", self.count);
        self.count += 1;
        let on_other = (on != ty).then(|| on.to_owned());
        if self.rng.u8(..10) == 0 {
            return Some(Node { text: format!("{key}:__typename"), on: on_other, children: Vec::new() });
        }
        let field = self.rng.choice(fields)?;
        let known = self.arguments.get(&format!("{on}.{}", field.name));
        let needed = field.arguments.iter().any(|argument| argument.is_required());
        let arguments = match known {
            Some(known) => self.rng.choice(known)?.as_str(),
            None if needed => return None,
            None => "",
        };
        let condition = *self.rng.choice(&CONDITIONS)?;
        let text = format!("{key}:{}{arguments}{condition}", field.name);
        let inner = field.ty.inner_named_type();
        let is_leaf = matches!(schema.types.get(inner)?, ExtendedType::Scalar(_) | ExtendedType::Enum(_));
        let children = if is_leaf {
            Vec::new()
        } else if depth == DEPTH_MAX {
            return None;
        } else {
            let children = self.nodes(inner, depth + 1);
            if children.is_empty() {
                return None;
            }
            children
        };
        Some(Node { text, on: on_other, children })
    }

    fn possible(&self, ty: &str) -> Vec<&'a str> {
        let objects =
            self.schema.types.iter().filter(|(name, object)| object.is_object() && self.schema.is_subtype(ty, name));
        objects.map(|(name, _)| name.as_str()).collect()
    }
}

/// Notes the arguments of fields, unless variables are among them.
fn gather(set: &SelectionSet, arguments: &mut BTreeMap<String, BTreeSet<String>>) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                let given: Vec<String> =
                    field.arguments.iter().map(|argument| format!("{}:{}", argument.name, argument.value)).collect();
                let given = if given.is_empty() { String::new() } else { format!("({})", given.join(",")) };
                if !given.contains('$') && !field.definition.arguments.is_empty() {
                    arguments.entry(format!("{}.{}", set.ty, field.name)).or_default().insert(given);
                }
                gather(&field.selection_set, arguments);
            }
            Selection::InlineFragment(fragment) => gather(&fragment.selection_set, arguments),
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// Random fields as a query.
pub fn print(nodes: &[Node]) -> String {
    let mut out = String::new();
    print_set(nodes, &mut out);
    out
}

fn print_set(nodes: &[Node], out: &mut String) {
    out.push('{');
    for node in nodes {
        if let Some(on) = &node.on {
            out.push_str(&format!(" ...on {on}{{"));
        }
        out.push(' ');
        out.push_str(&node.text);
        if !node.children.is_empty() {
            print_set(&node.children, out);
        }
        if node.on.is_some() {
            out.push('}');
        }
    }
    out.push('}');
}
