//! What the planner asks of the nodes subgraph: which ids, and under which names.
//!
//! Its operations are the router's own, of fields that clients have been bounded in already; conditions are folded by then.

use graphql::ast::Value as Literal;
use graphql::executable::{Field, FragmentMap, Selection, SelectionSet};
use graphql::json::{self, JsonLimits, Object, Value};
use graphql::{OperationLimits, Schema, Suggestions, Valid, parse_operation, select_operation};
use indexmap::IndexMap;

/// Ids of one `nodes` field: as many as the rows of a page, each of which may have fields below it.
pub(super) const IDS_MAX: usize = 100;
/// Ids of one call, over all fields: what an owner is asked for at once.
const IDS_OF_CALL_MAX: usize = 1_000;

/// An operation, read.
pub(super) struct Question {
    pub fields: IndexMap<String, Asked>,
    pub fragments: FragmentMap,
}

/// What is asked under one response key.
pub(super) enum Asked {
    /// `__typename`
    RootType,
    /// `node`
    One { id: String, selections: Vec<SelectionSet> },
    /// `nodes`
    Many { ids: Vec<String>, selections: Vec<SelectionSet> },
    /// `nodes`, of more than there may be.
    TooMany,
}

impl Question {
    /// Reads the body of a call.
    pub fn read(schema: &Valid<Schema>, body: &[u8]) -> Result<Self, String> {
        let body = json::parse(body, &JsonLimits::default()).map_err(|error| error.to_string())?;
        let member = |name: &str| body.as_object().and_then(|body| body.get(name));
        let text = member("query").and_then(Value::as_str).ok_or("the call has no query")?;
        let document = parse_operation(schema, text, &unbounded(), Suggestions::Off)
            .map_err(|errors| errors.first().map_or_else(String::new, |error| error.message.clone()))?;
        let operation = select_operation(&document, None).map_err(|error| error.message)?;
        let none = Object::new();
        let variables = member("variables").and_then(Value::as_object).unwrap_or(&none);
        let mut question = Self { fields: IndexMap::new(), fragments: document.fragments.clone() };
        let mut reading = Reading { variables, ids_left: IDS_OF_CALL_MAX };
        reading.root(&operation.selection_set, &document.fragments, &mut question.fields)?;
        Ok(question)
    }

    /// All ids, with repetitions.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.fields
            .values()
            .flat_map(|asked| match asked {
                Asked::One { id, .. } => std::slice::from_ref(id),
                Asked::Many { ids, .. } => ids,
                Asked::RootType | Asked::TooMany => &[],
            })
            .map(String::as_str)
    }
}

struct Reading<'a> {
    variables: &'a Object,
    ids_left: usize,
}

impl Reading<'_> {
    fn root(
        &mut self,
        set: &SelectionSet,
        fragments: &FragmentMap,
        fields: &mut IndexMap<String, Asked>,
    ) -> Result<(), String> {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => self.field(field, fields)?,
                Selection::InlineFragment(fragment) => self.root(&fragment.selection_set, fragments, fields)?,
                Selection::FragmentSpread(spread) => {
                    let fragment = fragments.get(&spread.fragment_name).ok_or("a fragment is missing")?;
                    self.root(&fragment.selection_set, fragments, fields)?;
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &Field, fields: &mut IndexMap<String, Asked>) -> Result<(), String> {
        let key = field.response_key().as_str();
        // Of the same field and arguments: the document is valid.
        if let Some(Asked::One { selections, .. } | Asked::Many { selections, .. }) = fields.get_mut(key) {
            selections.push(field.selection_set.clone());
            return Ok(());
        }
        let selections = vec![field.selection_set.clone()];
        let asked = match field.name.as_str() {
            "__typename" => Asked::RootType,
            "node" => {
                let id = self.ids(field, "id")?.pop().ok_or("node has no id")?;
                if self.take(1) { Asked::One { id, selections } } else { Asked::TooMany }
            }
            "nodes" => {
                let ids = self.ids(field, "ids")?;
                let fits = ids.len() <= IDS_MAX && self.take(ids.len());
                if fits { Asked::Many { ids, selections } } else { Asked::TooMany }
            }
            name => return Err(format!("there is no field {name}")),
        };
        fields.insert(key.to_owned(), asked);
        Ok(())
    }

    /// Whether so many more may be asked for.
    fn take(&mut self, ids: usize) -> bool {
        let left = self.ids_left.checked_sub(ids);
        self.ids_left = left.unwrap_or(self.ids_left);
        left.is_some()
    }

    /// An argument's ids; one that stands without a list is a list of one.
    fn ids(&self, field: &Field, argument: &str) -> Result<Vec<String>, String> {
        let literal = field.specified_argument_by_name(argument).ok_or("an argument is missing")?;
        match literal.as_ref() {
            Literal::List(items) => items.iter().map(|item| self.id(item)).collect(),
            Literal::Variable(name) => match self.variables.get(name.as_str()) {
                Some(Value::Array(items)) => items.iter().map(id_of).collect(),
                Some(value) => Ok(vec![id_of(value)?]),
                None => Err(format!("the variable {name} is missing")),
            },
            literal => Ok(vec![self.id(literal)?]),
        }
    }

    fn id(&self, literal: &Literal) -> Result<String, String> {
        match literal {
            Literal::String(text) => Ok(text.clone()),
            Literal::Int(number) => Ok(number.as_str().to_owned()),
            Literal::Variable(name) => {
                id_of(self.variables.get(name.as_str()).ok_or_else(|| format!("the variable {name} is missing"))?)
            }
            _ => Err("an id is no text".to_owned()),
        }
    }
}

fn id_of(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(text) => Ok(text.to_string()),
        other => Err(format!("an id is {}", other.describe())),
    }
}

fn unbounded() -> OperationLimits {
    OperationLimits {
        tokens_max: usize::MAX,
        depth_max: 100,
        aliases_max: usize::MAX,
        root_fields_max: usize::MAX,
        selections_max: usize::MAX,
    }
}
