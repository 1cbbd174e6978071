//! Binding: `document → Operation`.

use federation::supergraph::FieldType;
use federation::{Supergraph, TypeId, TypeSet};
use graphql::ast::OperationType;
use graphql::executable::{self, Field};
use graphql::{ExecutableDocument, Name, Positions, Valid};
use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxHashMap, FxHashSet};

use super::collect::{Asked, Collected, Collector, classes};
use super::defer::{Blocks, DeferredId};
use super::directives::passed_on;
use super::introspection::Introspected;
use super::{Call, DirectivesId, Node, NodeId, Operation, Selected, Spreads, Variant, What, data_keys, introspection};
use crate::plan::OperationKind;
use crate::{Budget, Decided, PlanError};

/// What a node is known by: the field nodes that ask for it, in which deferred fragments, and the type that it is
/// asked of.
type NodeKey = (Vec<(usize, Option<DeferredId>)>, TypeId);

/// What a node is made of: field nodes in their deferred fragments, each with the types that it is asked of, and all
/// types. Fields that ask for the same below have one node there.
type Content = (Vec<(TypeSet, usize, Option<DeferredId>)>, TypeSet);

/// The field nodes of each response key.
type ByKey<'d> = IndexMap<&'d Name, Vec<Asked<'d>>>;

/// After looking at so many fields, each for one type, it is asked whether to go on: well below a millisecond.
const WORK_UNSTOPPED: usize = 4_096;

/// For each field that an operation may select, so many selections may be looked at: what several fields have in common
/// is looked at for each of them, and is there once.
const LOOKS_PER_FIELD: u64 = 10;

struct Binder<'d> {
    collector: Collector<'d>,
    positions: Positions<'d>,
    operation: Operation,
    known: FxHashMap<NodeKey, NodeId>,
    alike: FxHashMap<Content, NodeId>,
    introspected: Introspected<'d>,
    /// By node: how many levels of nodes are below it.
    heights: Vec<u32>,
    /// What splitting selections by type has cost since it was asked whether to go on.
    work: usize,
}

/// Binds an operation of a document.
///
/// # Errors
/// [`PlanError::TooComplex`] beyond the budget; [`PlanError::Internal`] if document and supergraph don't fit.
pub fn bind<'d>(
    supergraph: &'d Supergraph,
    document: &'d Valid<ExecutableDocument>,
    operation: &'d graphql::Node<executable::Operation>,
    decided: Decided<'d>,
    budget: &'d Budget<'d>,
) -> Result<Operation, PlanError> {
    let (kind, root) = root(supergraph, operation.operation_type)?;
    let max = budget.selections_max;
    let mut binder = Binder {
        collector: Collector {
            document,
            supergraph,
            conditions: decided.conditions,
            blocks: Blocks::new(decided.deferral),
            left: max.saturating_mul(LOOKS_PER_FIELD),
            budget,
        },
        positions: Positions::new(&document.sources),
        operation: Operation {
            kind,
            root,
            nodes: Vec::new(),
            top: NodeId(0),
            arguments: std::iter::once(Vec::new()).collect(),
            directives: std::iter::once(Vec::new()).collect(),
            own_directives: DirectivesId::default(),
            variables: operation.variables.iter().map(|v| (v.name.clone(), v.as_ref().clone())).collect(),
            introspection: None,
            deferred: Vec::new(),
            groups: IndexSet::new(),
        },
        known: FxHashMap::default(),
        introspected: Introspected::default(),
        alike: FxHashMap::default(),
        heights: Vec::new(),
        work: 0,
    };
    let own = passed_on(supergraph, std::iter::once(&operation.directives));
    binder.operation.own_directives = binder.operation.intern_directives(own);
    let collected = binder.collector.collect(&[(&operation.selection_set, None)], &TypeSet::one(root))?;
    binder.operation.top = binder.node(&TypeSet::one(root), collected, 0)?;
    let query = &supergraph.ty(supergraph.query).name;
    binder.operation.introspection = introspection::document(document, (operation, query), binder.introspected);
    binder.operation.deferred = binder.collector.blocks.list;
    check_size(&binder.operation, max)?;
    binder.operation.groups = binder.collector.blocks.groups;
    Ok(binder.operation)
}

fn root(supergraph: &Supergraph, ty: OperationType) -> Result<(OperationKind, TypeId), PlanError> {
    let (kind, root) = match ty {
        OperationType::Query => (OperationKind::Query, Some(supergraph.query)),
        OperationType::Mutation => (OperationKind::Mutation, supergraph.mutation),
        OperationType::Subscription => (OperationKind::Subscription, supergraph.subscription),
    };
    Ok((kind, root.ok_or_else(|| PlanError::Unsupported(format!("the schema has no {ty} root")))?))
}

fn is_introspection(name: &str) -> bool {
    matches!(name, "__schema" | "__type")
}

impl<'d> Binder<'d> {
    fn node(&mut self, types: &TypeSet, collected: Collected<'d>, depth: u32) -> Result<NodeId, PlanError> {
        self.check_depth(depth)?;
        let budget = self.collector.budget;
        let mut node = Node::default();
        for class in classes(types, &collected) {
            let applies = |types: &TypeSet| class.iter().next().is_some_and(|first| types.contains(first));
            let mut by_key: ByKey<'d> = IndexMap::new();
            for (_, asked) in collected.fields.iter().filter(|(types, _)| applies(types)) {
                by_key.entry(asked.field.response_key()).or_default().push(*asked);
            }
            let begun = collected.begun.iter().filter(|(types, _)| applies(types));
            let begun: Vec<DeferredId> = begun.map(|(_, block)| *block).collect();
            self.work += collected.fields.len() + class.len() * by_key.len();
            if self.work > WORK_UNSTOPPED {
                self.work = 0;
                if budget.is_stopped() {
                    return Err(PlanError::Stopped);
                }
            }
            for types in self.by_return_types(class, &by_key) {
                let fields: Result<Vec<Selected>, PlanError> =
                    by_key.iter().map(|(key, fields)| self.selected(&types, key, fields, depth)).collect();
                node.variants.push(Variant { types, fields: fields?, begun: begun.clone() });
            }
        }
        self.work += data_keys::set(self.collector.supergraph, &self.operation, &mut node.variants);
        let below = node.variants.iter().flat_map(|variant| &variant.fields).filter_map(|field| field.child);
        self.heights.push(below.map(|child| self.height(child).saturating_add(1)).max().unwrap_or(0));
        Ok(self.operation.push(node))
    }

    /// Splits a class further where a field's type differs between its types.
    fn by_return_types(&self, class: TypeSet, by_key: &ByKey<'d>) -> Vec<TypeSet> {
        let supergraph = self.collector.supergraph;
        let mut split: IndexMap<Vec<Option<&FieldType>>, TypeSet> = IndexMap::new();
        for id in class.iter() {
            let returned = by_key.values().map(|fields| {
                let name = &fields.first()?.field.name;
                supergraph.ty(id).fields.get(name).map(|&field| &supergraph.field(field).ty)
            });
            split.entry(returned.collect()).or_default().insert(id);
        }
        split.into_values().collect()
    }

    fn selected(
        &mut self,
        types: &TypeSet,
        key: &Name,
        fields: &[Asked<'d>],
        depth: u32,
    ) -> Result<Selected, PlanError> {
        let first = fields.first().ok_or(PlanError::Internal("a response key without fields"))?.field;
        let supergraph = self.collector.supergraph;
        let positions = &mut self.positions;
        let locations = fields.iter().filter_map(|Asked { field, .. }| {
            let start = field.alias.as_ref().and_then(|alias| alias.location()).or_else(|| field.name.location());
            let at = positions.start(start?)?;
            Some((u32::try_from(at.line).ok()?, u32::try_from(at.column).ok()?))
        });
        let contexts: IndexSet<Option<DeferredId>> = fields.iter().map(|asked| asked.block).collect();
        let contexts: Vec<Option<DeferredId>> = contexts.into_iter().collect();
        let mut selected = Selected {
            response_key: Some(key.clone()),
            key: Some(key.clone()),
            what: What::Typename,
            field: None,
            ty: FieldType::Named {
                id: supergraph.type_by_name.get("String").copied().unwrap_or(supergraph.query),
                non_null: true,
            },
            child: None,
            locations: locations.collect(),
            spreads: Spreads::No,
            group: self.collector.blocks.group(&contexts),
            asked: contexts,
        };
        match first.name.as_str() {
            "__typename" => {}
            name if is_introspection(name) => {
                let non_null = name == "__schema";
                let asked = fields.iter().map(|asked| asked.field).collect();
                selected.what = What::Introspection(self.introspected.id(asked));
                selected.ty = FieldType::Named { id: selected.ty.named(), non_null };
            }
            name => {
                let owner = types.iter().next().ok_or(PlanError::Internal("a selection on no types"))?;
                let field = supergraph.ty(owner).fields.get(name).copied();
                let field = field.ok_or(PlanError::Internal("a field that the supergraph doesn't have"))?;
                let arguments = first.arguments.iter().map(|a| (a.name.clone(), a.value.as_ref().clone())).collect();
                let arguments = self.operation.intern_arguments(arguments);
                let directives = passed_on(supergraph, fields.iter().map(|asked| &asked.field.directives));
                let directives = self.operation.intern_directives(directives);
                selected.what = What::Field(Call { name: first.name.clone(), arguments, directives });
                selected.field = Some(field);
                selected.ty = supergraph.field(field).ty.clone();
                let named = selected.ty.named();
                if supergraph.ty(named).is_composite() {
                    selected.child = Some(self.child(named, fields, depth)?);
                }
            }
        }
        Ok(selected)
    }

    fn child(&mut self, ty: TypeId, fields: &[Asked<'d>], depth: u32) -> Result<NodeId, PlanError> {
        let address = |asked: &Asked<'d>| std::ptr::from_ref::<Field>(asked.field.as_ref()) as usize;
        let key: NodeKey = (fields.iter().map(|asked| (address(asked), asked.block)).collect(), ty);
        if let Some(&known) = self.known.get(&key) {
            return self.at_depth(known, depth + 1);
        }
        let supergraph = self.collector.supergraph;
        let possible = supergraph.ty(ty).possible_types.iter();
        let types: TypeSet = possible.filter(|&id| !supergraph.ty(id).inaccessible).collect();
        let sets: Vec<_> = fields.iter().map(|asked| (&asked.field.selection_set, asked.block)).collect();
        let collected = self.collector.collect(&sets, &types)?;
        let content = collected.fields.iter().map(|(types, asked)| (types.clone(), address(asked), asked.block));
        // Where a deferred fragment begins is a place of its own.
        let content: Option<Content> = collected.begun.is_empty().then(|| (content.collect(), types.clone()));
        let alike = content.as_ref().and_then(|content| self.alike.get(content).copied());
        let node = match alike {
            Some(alike) => self.at_depth(alike, depth + 1)?,
            None => self.node(&types, collected, depth + 1)?,
        };
        self.alike.extend(content.map(|content| (content, node)));
        self.known.insert(key, node);
        Ok(node)
    }

    fn height(&self, node: NodeId) -> u32 {
        self.heights.get(node.0 as usize).copied().unwrap_or(0)
    }

    /// A node that is there already, unless it reaches too deep from here.
    fn at_depth(&self, node: NodeId, depth: u32) -> Result<NodeId, PlanError> {
        self.check_depth(depth.saturating_add(self.height(node))).map(|()| node)
    }

    fn check_depth(&self, depth: u32) -> Result<(), PlanError> {
        let max = self.collector.budget.depth_max;
        if depth > max { Err(PlanError::TooComplex { what: "levels of nesting", max: u64::from(max) }) } else { Ok(()) }
    }
}

/// Refuses an operation whose response has too many positions: nodes are shared, positions aren't. What several types
/// have in common under one key is one position, unless something is deferred: each may then come with another part.
fn check_size(operation: &Operation, max: u64) -> Result<(), PlanError> {
    // Children are made before their parents.
    let mut sizes: Vec<u64> = Vec::with_capacity(operation.nodes.len());
    for node in &operation.nodes {
        let mut seen = FxHashSet::default();
        let fields = node.variants.iter().flat_map(|variant| &variant.fields);
        let mut is_new = |field: &&Selected| seen.insert((field.key.clone(), field.what.clone(), field.child));
        let positions = fields.filter(|field| !operation.deferred.is_empty() || is_new(field));
        let size = positions.fold(0_u64, |sum, field| {
            let below = field.child.and_then(|child| sizes.get(child.0 as usize).copied()).unwrap_or(0);
            sum.saturating_add(1).saturating_add(below)
        });
        sizes.push(size);
    }
    match sizes.last() {
        Some(&size) if size > max => Err(PlanError::TooComplex { what: "selected fields", max }),
        _ => Ok(()),
    }
}
