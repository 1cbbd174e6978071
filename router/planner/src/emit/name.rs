//! The names of variables, and the whole documents; the operations get their names later, see [`crate::names`].

use graphql::Name;
use indexmap::IndexSet;

use super::{Kind, Unnamed, contexts};
use crate::draft::Draft;
use crate::plan::{BodyStart, Entities, Fetch, FetchId, FetchKind, Grouped, Joint, JointMember};

/// Makes a fetch. Its parts have none, so that recursion ends there.
pub fn fetch(draft: &Draft<'_>, fetch: Unnamed) -> Fetch {
    let mut declarations = fetch.declarations;
    let mut apart = Vec::with_capacity(fetch.apart.len());
    let (kind, body) = match fetch.kind {
        Kind::Root(path) => (FetchKind::Root { path }, fetch.body),
        Kind::Entities { paths, representations, mut contexts } => {
            let variable = free_name("representations".to_owned(), |name| fetch.variables.iter().any(|v| v == name));
            let grouped = (!contexts.is_empty()).then(|| {
                let grouped = contexts::grouped(draft, &fetch.body, &mut contexts, &fetch.variables);
                let (declarations, directives) = (declarations.clone(), fetch.directives.clone());
                Box::new(Grouped { declarations, directives, ..grouped })
            });
            for mut part in fetch.apart {
                if let Kind::Entities { paths: own, .. } = &mut part.kind {
                    own.clone_from(&paths);
                }
                part.after.clone_from(&fetch.after);
                apart.push(self::fetch(draft, part));
            }
            let mut first = vec![format!("${variable}:[_Any!]!")];
            let arguments = contexts.iter().zip(grouped.iter().flat_map(|grouped| &grouped.arguments));
            first.extend(arguments.map(|(argument, (_, ty))| format!("${}:{ty}", argument.variable)));
            declarations.splice(0..0, first);
            let selection = contexts::alone(&fetch.body, &contexts);
            let body = format!("{{_entities(representations:${variable}){selection}}}");
            (FetchKind::Entities(Entities { paths, representations, variable, contexts, grouped }), body)
        }
    };
    Fetch {
        subgraph: fetch.subgraph,
        kind,
        document: document(fetch.keyword, &declarations, &fetch.directives, &body),
        operation_name: None,
        body_start: BodyStart::default(),
        variables: fetch.variables.iter().map(ToString::to_string).collect(),
        output: fetch.output,
        after: fetch.after.into_iter().map(|index| FetchId(index as u32)).collect(),
        apart,
    }
}

/// Makes one request of several fetches of entities.
pub fn joint(fetches: &[Unnamed], members: &[usize]) -> Joint {
    let all = || members.iter().filter_map(|&index| Some((index, fetches.get(index)?)));
    let variables: IndexSet<&Name> = all().flat_map(|(_, fetch)| &fetch.variables).collect();
    let client: IndexSet<&String> = all().flat_map(|(_, fetch)| &fetch.declarations).collect();
    let mut declarations = Vec::with_capacity(members.len() + client.len());
    let mut body = String::from("{");
    let mut joined = Vec::with_capacity(members.len());
    for (at, (index, fetch)) in all().enumerate() {
        let variable = free_name(format!("representations{at}"), |name| variables.iter().any(|v| *v == name));
        let response_key = format!("entities{at}");
        if at > 0 {
            body.push(' ');
        }
        body.push_str(&format!("{response_key}:_entities(representations:${variable}){}", fetch.body));
        declarations.push(format!("${variable}:[_Any!]!"));
        joined.push(JointMember { fetch: FetchId(index as u32), response_key, variable });
    }
    body.push('}');
    declarations.extend(client.into_iter().cloned());
    let directives = all().next().map(|(_, first)| first.directives.as_str()).unwrap_or_default();
    Joint {
        members: joined,
        document: document("query", &declarations, directives, &body),
        operation_name: None,
        body_start: BodyStart::default(),
        variables: variables.into_iter().map(ToString::to_string).collect(),
    }
}

fn document(keyword: &str, declarations: &[String], directives: &str, body: &str) -> String {
    match declarations {
        [] => format!("{keyword}{directives}{body}"),
        _ => format!("{keyword}({}){directives}{body}", declarations.join(",")),
    }
}

/// Ends: there are fewer taken names than underscores.
pub fn free_name(mut name: String, is_taken: impl Fn(&str) -> bool) -> String {
    while is_taken(&name) {
        name.insert(0, '_');
    }
    name
}
