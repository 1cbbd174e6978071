//! What of the configuration the pipeline goes by, in the terms of the stages.

use federation::Supergraph;
use graphql::{OperationLimits, Suggestions};
use planner::OperationNames;

use super::error_policies::error_policies;
use super::prepare::Planning;
use crate::config::{self, Config};

/// What of the configuration the pipeline goes by.
pub(super) struct Settings {
    pub document_bytes_max: usize,
    pub limits: OperationLimits,
    pub planning: Planning,
    pub suggestions: Suggestions,
    pub introspection: crate::config::Introspection,
    /// Whether a request may ask for its plan.
    pub query_plans: config::QueryPlans,
    pub policy: executor::Policy,
    /// Whether identical queries are executed once.
    pub share_requests: bool,
    /// What documents and plans depend on, and how many are kept.
    basis: (config::Limits, config::Introspection, config::Defer, config::PlanCache),
}

impl Settings {
    pub fn new(config: &Config, supergraph: &Supergraph) -> Self {
        let limits = &config.limits;
        let budget = planner::Budget {
            selections_max: limits.selections_max as u64,
            depth_max: u32::try_from(limits.depth_max).unwrap_or(u32::MAX),
            steps_max: limits.planning_steps_max,
            fetches_max: limits.fetches_max,
            ..planner::Budget::default()
        };
        Self {
            document_bytes_max: limits.document_bytes_max,
            limits: OperationLimits {
                tokens_max: limits.tokens_max,
                depth_max: limits.depth_max,
                aliases_max: limits.aliases_max,
                root_fields_max: limits.root_fields_max,
                selections_max: limits.selections_max,
            },
            planning: Planning { budget, names: operation_names(&config.subgraphs, supergraph).into() },
            suggestions: if config.introspection.enabled { Suggestions::On } else { Suggestions::Off },
            introspection: config.introspection.clone(),
            query_plans: config.query_plans.clone(),
            policy: policy(config, supergraph),
            share_requests: config.http.share_requests,
            basis: (limits.clone(), config.introspection.clone(), config.defer.clone(), config.plan_cache.clone()),
        }
    }

    /// Whether the same documents are valid by both, and have the same plans.
    pub fn plans_as(&self, other: &Self) -> bool {
        self.basis == other.basis && self.planning.names == other.planning.names
    }
}

/// By subgraph.
fn operation_names(config: &config::Subgraphs, supergraph: &Supergraph) -> Vec<OperationNames> {
    let own = |name: &str| config.by_name.get(name).and_then(|own| own.operation_names);
    let names = supergraph.subgraphs.iter().map(|subgraph| own(&subgraph.name).unwrap_or(config.operation_names));
    let names = names.map(|names| match names {
        config::OperationNames::Full => OperationNames::Full,
        config::OperationNames::Client => OperationNames::Client,
        config::OperationNames::None => OperationNames::None,
    });
    names.collect()
}

fn policy(config: &Config, supergraph: &Supergraph) -> executor::Policy {
    executor::Policy {
        representations_max: config.subgraphs.batch_max,
        nodes_max: config.limits.nodes_max,
        answers_bytes_max: config.limits.answers_bytes_max,
        response_bytes_max: config.limits.response_bytes_max,
        errors_max: config.errors.entries_max,
        errors: error_policies(config, supergraph),
    }
}
