//! From a document's text to something that can be planned, and to its plans. Runs beside the serving threads.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use executor::Form;
use federation::{LabelSet, SubgraphId, Supergraph};
use graphql::executable::Operation;
use graphql::{
    ExecutableDocument, Name, Node, OperationLimits, RequestError, Suggestions, Valid, json, parse_operation,
    select_operation,
};
use planner::plan::{OperationKind, QueryPlan};
use planner::{Budget, Decided, Deferral, OperationNames, PlanError};

use super::overrides::Draws;
use super::{Snapshot, prove};
use crate::refusal::Refusal;

/// How long one operation may be planned: the search for a better plan ends in some milliseconds, so that only an
/// attack comes near.
const PLANNING_MAX: Duration = Duration::from_millis(900);

/// What a plan depends on besides the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decisions {
    /// The values of the variables in `@skip` and `@include`, in the order of [`Prepared::condition_variables`].
    conditions: Box<[Option<bool>]>,
    /// Of the labels that matter, those in force.
    labels: LabelSet,
    /// Whether the response comes in parts, where it may.
    deferral: Deferral,
}

/// What all operations are planned with.
#[derive(Clone)]
pub(super) struct Planning {
    pub budget: Budget<'static>,
    /// How what each subgraph is sent is called.
    pub names: Arc<[OperationNames]>,
}

/// A valid document with the operation that is meant, and the plans made for it.
pub(super) struct Prepared {
    document: Valid<ExecutableDocument>,
    operation_name: Option<Arc<str>>,
    pub kind: OperationKind,
    condition_variables: Vec<Name>,
    override_labels: LabelSet,
    may_defer: bool,
    plans: Mutex<Vec<(Decisions, Arc<QueryPlan>)>>,
    /// Bytes of memory that the plans take.
    plan_bytes: AtomicU64,
    /// How often it was asked for: the most used ones are planned again before a reload.
    hits: AtomicU64,
}

/// Parses, limits and validates a document, and picks the operation.
pub(super) fn prepare(
    supergraph: &Supergraph,
    text: &str,
    operation_name: Option<&str>,
    limits: &OperationLimits,
    suggestions: Suggestions,
) -> Result<Arc<Prepared>, Refusal> {
    let document = parse_operation(&supergraph.api_schema, text, limits, suggestions).map_err(Refusal::operation)?;
    let operation = select_operation(&document, operation_name)?;
    let kind = match operation.operation_type {
        graphql::ast::OperationType::Query => OperationKind::Query,
        graphql::ast::OperationType::Mutation => OperationKind::Mutation,
        graphql::ast::OperationType::Subscription => OperationKind::Subscription,
    };
    let condition_variables = planner::condition_variables(&document, operation);
    let override_labels = planner::override_labels(supergraph, &document, operation);
    let may_defer = planner::may_defer(&document, operation);
    Ok(Arc::new(Prepared {
        may_defer,
        operation_name: operation_name.map(Arc::from),
        kind,
        condition_variables,
        override_labels,
        plans: Mutex::default(),
        plan_bytes: AtomicU64::new(0),
        hits: AtomicU64::new(0),
        document,
    }))
}

/// Plans an operation, and proves the plan where plans are proved.
pub(super) fn plan(
    snapshot: &Snapshot,
    prepared: &Prepared,
    decisions: &Decisions,
    planning: &Planning,
    trace_id: &str,
) -> Result<Arc<QueryPlan>, Refusal> {
    let value = |name: &str| {
        let at = prepared.condition_variables.iter().position(|variable| variable == name)?;
        decisions.conditions.get(at).copied().flatten()
    };
    let decided = Decided { conditions: &value, labels: &decisions.labels, deferral: decisions.deferral };
    let name = prepared.operation_name.as_deref();
    let end = Instant::now() + PLANNING_MAX;
    let budget = Budget { stop: Some(&|| Instant::now() >= end), ..planning.budget };
    let planned = planner::plan(&snapshot.supergraph, &prepared.document, name, decided, &budget);
    let mut plan = planned.map_err(|error| match error {
        PlanError::Unreachable { .. } | PlanError::Internal(_) => {
            tracing::error!(trace_id, "an operation cannot be planned: {error}");
            let mut refusal = Refusal::internal(trace_id);
            refusal.errors = vec![RequestError::new(error.code(), "The operation cannot be planned.")];
            refusal
        }
        error => Refusal::from(RequestError::new(error.code(), error.to_string())),
    })?;
    let client = prepared.operation()?.name.as_ref().map(|name| name.as_str());
    let names = |id: SubgraphId| planning.names.get(usize::from(id.0)).copied().unwrap_or_default();
    planner::name_operations(&mut plan, &snapshot.supergraph, client, &names);
    let asked = planner::Asked { document: &prepared.document, operation_name: name, decided };
    prove::prove(snapshot, &plan, asked, trace_id)?;
    Ok(Arc::new(plan))
}

impl Prepared {
    /// It was asked for.
    pub fn hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    /// How often it was asked for.
    pub fn hits(&self) -> u64 {
        self.hits.load(Ordering::Relaxed)
    }

    /// Starts with half the hits of its predecessor, so that what is no longer asked for sinks with each reload.
    pub fn succeed(&self, predecessor: &Self) {
        self.hits.store(predecessor.hits() / 2, Ordering::Relaxed);
    }

    /// Bytes of memory that its plans take.
    pub fn plan_bytes(&self) -> u64 {
        self.plan_bytes.load(Ordering::Relaxed)
    }

    /// The name under which the operation was asked for.
    pub fn operation_name(&self) -> Option<&Arc<str>> {
        self.operation_name.as_ref()
    }

    /// What to plan this one for, given what `old`, of the same text, has plans for. Labels are drawn anew: each
    /// supergraph has its own.
    pub fn decisions_of(&self, old: &Self, supergraph: &Supergraph, draws: &Draws) -> Vec<Decisions> {
        let plans = old.plans.lock().unwrap_or_else(PoisonError::into_inner);
        let renewed = plans.iter().map(|(decisions, _)| Decisions {
            conditions: decisions.conditions.clone(),
            labels: draws.in_force(supergraph, &self.override_labels),
            deferral: decisions.deferral,
        });
        let mut all: Vec<Decisions> = Vec::new();
        for decisions in renewed {
            if !all.contains(&decisions) {
                all.push(decisions);
            }
        }
        all
    }

    /// The operation.
    pub fn operation(&self) -> Result<&Node<Operation>, RequestError> {
        select_operation(&self.document, self.operation_name.as_deref())
    }

    /// The key of a plan: what `@skip`, `@include` and `@defer` depend on, and which overrides are in force for this
    /// request. `parts` says how the client reads a response in parts, if it does.
    pub fn decisions(
        &self,
        variables: &json::Object,
        (supergraph, draws): (&Supergraph, &Draws),
        parts: Option<Form>,
    ) -> Result<Decisions, RequestError> {
        let conditions = self.conditions(variables)?;
        let deferral = if self.may_defer && parts.is_some() { Deferral::On } else { Deferral::Off };
        Ok(Decisions { conditions, labels: draws.in_force(supergraph, &self.override_labels), deferral })
    }

    fn conditions(&self, variables: &json::Object) -> Result<Box<[Option<bool>]>, RequestError> {
        self.condition_variables
            .iter()
            .map(|name| match variables.get(name.as_str()) {
                Some(json::Value::Bool(value)) => Ok(Some(*value)),
                None => Ok(None),
                Some(_) => {
                    let message =
                        format!("Variable \"${name}\" decides on @skip, @include or @defer and must not be null.");
                    Err(RequestError::new(graphql::request::code::BAD_USER_INPUT, message))
                }
            })
            .collect()
    }

    /// A plan made before.
    pub fn planned(&self, decisions: &Decisions) -> Option<Arc<QueryPlan>> {
        let plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        plans.iter().find(|(key, _)| key == decisions).map(|(_, plan)| Arc::clone(plan))
    }

    /// Keeps a plan, unless there are enough. Gives the one to be used: of several made at the same time the first.
    pub fn keep(&self, decisions: Decisions, plan: Arc<QueryPlan>, variants_max: usize) -> Arc<QueryPlan> {
        let mut plans = self.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, kept)) = plans.iter().find(|(key, _)| *key == decisions) {
            return Arc::clone(kept);
        }
        if plans.len() < variants_max {
            self.plan_bytes.fetch_add(plan.memory_bytes() as u64, Ordering::Relaxed);
            plans.push((decisions, Arc::clone(&plan)));
        }
        plan
    }
}
