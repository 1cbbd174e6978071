//! Directives that the supergraph carries for whoever runs it without defining them: written as
//! `@join__directive(graphs:, name:, args:)`, which says in which subgraphs each application stands.

use federation::vocabulary::CACHE_TAG;
use graphql::Node;
use graphql::ast::{Directive, Value};

use super::context::{Context, Graph};
use super::{join, strategy};

/// Whether a directive, by its canonical name, is carried rather than defined.
pub(crate) fn is_carried(canonical: &str) -> bool {
    canonical == CACHE_TAG
}

/// One `@join__directive` for each distinct application, naming all subgraphs that have it.
pub(crate) fn directives(context: &Context<'_>, applications: &[(Graph, &Node<Directive>)]) -> Vec<Directive> {
    let mut distinct: Vec<(&Node<Directive>, Vec<Graph>)> = Vec::new();
    for (graph, application) in applications {
        match distinct.iter_mut().find(|(known, _)| strategy::same(context, known, application)) {
            Some((_, graphs)) if graphs.contains(graph) => {}
            Some((_, graphs)) => graphs.push(*graph),
            None => distinct.push((application, vec![*graph])),
        }
    }
    distinct.into_iter().map(|(application, graphs)| carry(context, application, &graphs)).collect()
}

fn carry(context: &Context<'_>, application: &Directive, graphs: &[Graph]) -> Directive {
    let graphs = graphs.iter().filter_map(|graph| context.graphs.get(*graph));
    let graphs = graphs.map(|graph| Node::new(Value::Enum(graph.clone()))).collect();
    let members = application.arguments.iter().map(|argument| (argument.name.clone(), argument.value.clone()));
    let arguments = vec![
        ("graphs", Value::List(graphs)),
        ("name", Value::String(application.name.to_string())),
        ("args", Value::Object(members.collect())),
    ];
    join::directive("join__directive", arguments)
}
