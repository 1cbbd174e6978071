//! Asking the owners of ids whether there are such objects.

use std::collections::HashMap;

use executor::{Fetch, FetchError, Idempotent, RequestContext, SubgraphRequest};
use federation::supergraph::{EntityKey, FieldSetItem};
use federation::{Nodes, SubgraphId, Supergraph};
use futures::StreamExt;
use futures::future::join_all;
use graphql::json::{self, JsonLimits, Object, Value};
use indexmap::{IndexMap, IndexSet};
use wire::{codes, id::decode};

use super::question::Question;

/// Codes by which an owner says that there is nothing for this caller. Which of them is nobody's business: an id that can be
/// guessed must not tell whether it is somebody's.
const NOTHING: [&str; 4] = [codes::NOT_FOUND, codes::FORBIDDEN, codes::UNAUTHENTICATED, codes::INVALID_ID];

/// Whether there is an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// There is, of this type.
    There(String),
    /// There isn't, or the caller must not know.
    Nothing,
    /// The owner can't say, for this reason.
    Unknown(String),
}

/// Who owns which types.
pub(super) struct Owners {
    /// By type.
    types: IndexMap<String, usize>,
    all: Vec<Owner>,
}

struct Owner {
    subgraph: SubgraphId,
    /// The question, with a fragment for each of its types.
    query: String,
}

impl Owners {
    /// The owners in a supergraph. Types that clients don't see have none: their ids are nobody's.
    pub fn new(nodes: &Nodes, supergraph: &Supergraph) -> Result<Self, String> {
        let mut types = IndexMap::new();
        let mut by_subgraph: IndexMap<SubgraphId, Vec<&str>> = IndexMap::new();
        for (ty, owner) in nodes.owners() {
            let place = supergraph.subgraphs.iter().zip(0_u16..).find(|(subgraph, _)| subgraph.name == owner);
            let (_, id) = place.ok_or_else(|| format!("the supergraph has no subgraph {owner}, the owner of {ty}"))?;
            let id = SubgraphId(id);
            let found = supergraph.type_by_name.get(ty).map(|found| supergraph.ty(*found));
            let keys = found.and_then(|found| found.join(id)).map(|join| join.keys.as_slice()).unwrap_or_default();
            if !keys.iter().any(|key| is_id(key, supergraph)) {
                return Err(format!(
                    "{owner} can't be asked for {ty}: it has no resolvable @key(fields: \"id\") there"
                ));
            }
            if found.is_some_and(|found| !found.inaccessible) {
                let entry = by_subgraph.entry(id);
                types.insert(ty.to_owned(), entry.index());
                entry.or_default().push(ty);
            }
        }
        let all = by_subgraph.into_iter().map(|(subgraph, types)| Owner { subgraph, query: question(&types) });
        Ok(Self { types, all: all.collect() })
    }

    /// What is known of each id of a question.
    pub async fn ask<'q>(
        &self,
        question: &'q Question,
        fetch: &dyn Fetch,
        context: &RequestContext,
    ) -> HashMap<&'q str, Known> {
        let mut known = HashMap::new();
        let mut asked: IndexMap<usize, IndexSet<(&str, &'q str)>> = IndexMap::new();
        for id in question.ids() {
            // The same id of several fields is asked once.
            match self.types.iter().find(|(ty, _)| decode(ty, id).is_some()) {
                Some((ty, owner)) => drop(asked.entry(*owner).or_default().insert((ty, id))),
                None => drop(known.insert(id, Known::Nothing)),
            }
        }
        let asking = asked.into_iter().filter_map(|(owner, ids)| {
            let owner = self.all.get(owner)?;
            Some(async move {
                let found = owner.ask(&ids, fetch, context).await;
                ids.into_iter().map(|(_, id)| id).zip(found).collect::<Vec<_>>()
            })
        });
        known.extend(join_all(asking).await.into_iter().flatten());
        known
    }
}

impl Owner {
    /// What is known of each, in their order.
    async fn ask(&self, ids: &IndexSet<(&str, &str)>, fetch: &dyn Fetch, context: &RequestContext) -> Vec<Known> {
        let answer = match self.call(ids, fetch, context).await {
            Ok(answer) => answer,
            Err(error) => return vec![Known::Unknown(error.code().to_owned()); ids.len()],
        };
        let errors = match member(&answer, "errors") {
            Some(Value::Array(errors)) => errors.as_slice(),
            _ => &[],
        };
        let entities = match member(&answer, "data").and_then(|data| member(data, "_entities")) {
            Some(Value::Array(entities)) if entities.len() == ids.len() => entities,
            _ => {
                let malformed = FetchError::Malformed(String::new());
                let code = errors.first().and_then(code).unwrap_or(malformed.code());
                return vec![Known::Unknown(code.to_owned()); ids.len()];
            }
        };
        let known = ids.iter().zip(entities).enumerate().map(|(index, ((ty, id), entity))| {
            let text = |name: &str| member(entity, name).and_then(Value::as_str);
            if (text("__typename"), text("id")) == (Some(*ty), Some(*id)) {
                return Known::There((*ty).to_owned());
            }
            match errors.iter().find(|error| is_of(error, index)) {
                Some(error) => refused(error),
                None => Known::Nothing,
            }
        });
        known.collect()
    }

    async fn call(
        &self,
        ids: &IndexSet<(&str, &str)>,
        fetch: &dyn Fetch,
        context: &RequestContext,
    ) -> Result<Value, FetchError> {
        let text = |text: &str| Value::String(text.to_owned());
        let representations = ids.iter().map(|(ty, id)| {
            Value::Object(Object::from([("__typename".to_owned(), text(ty)), ("id".to_owned(), text(id))]))
        });
        let variables = Object::from([("representations".to_owned(), Value::Array(representations.collect()))]);
        let body =
            Object::from([("query".to_owned(), text(&self.query)), ("variables".to_owned(), Value::Object(variables))]);
        let mut bytes = Vec::new();
        json::write(&Value::Object(body), &mut bytes);
        // Under no name, so that none of its bytes are one.
        let request =
            SubgraphRequest { subgraph: self.subgraph, body: bytes.into(), named: 0, idempotent: Idempotent::Yes };
        let mut answers = fetch.fetch(request, context).await?;
        let answer = answers.next().await.ok_or_else(|| FetchError::Malformed("there is no answer".to_owned()))??;
        json::parse(&answer, &JsonLimits::default()).map_err(|error| FetchError::Malformed(error.to_string()))
    }
}

fn question(types: &[&str]) -> String {
    let fragments: String = types.iter().map(|ty| format!(" ... on {ty} {{ id }}")).collect();
    format!(
        "query ($representations: [_Any!]!) {{ _entities(representations: $representations) {{ __typename{fragments} }} }}"
    )
}

/// Whether a key is `id` alone, and leads somewhere.
fn is_id(key: &EntityKey, supergraph: &Supergraph) -> bool {
    match key.fields.as_slice() {
        [FieldSetItem::Field { field: Some(field), .. }] => key.resolvable && supergraph.field(*field).name == "id",
        _ => false,
    }
}

fn refused(error: &Value) -> Known {
    match code(error) {
        Some(code) if NOTHING.contains(&code) => Known::Nothing,
        code => Known::Unknown(code.unwrap_or(codes::INTERNAL_SERVER_ERROR).to_owned()),
    }
}

/// Whether an error speaks of the entity at `index`, or of all of them.
fn is_of(error: &Value, index: usize) -> bool {
    match member(error, "path") {
        Some(Value::Array(path)) => match path.get(1) {
            Some(Value::Number(number)) => number.parse() == Ok(index),
            _ => true,
        },
        _ => true,
    }
}

fn code(error: &Value) -> Option<&str> {
    member(error, "extensions").and_then(|extensions| member(extensions, "code")).and_then(Value::as_str)
}

fn member<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.as_object().and_then(|object| object.get(name))
}
