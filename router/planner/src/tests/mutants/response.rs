//! Bending the response's shape and its parts.

use federation::TypeSet;

use super::site::{Bend, any_field, any_variant};
use crate::plan::{BlockId, FetchId, GroupId, KeyId, OperationKind, ResponseKey, Source};

pub const BENDS: &[(&str, Bend)] = &[
    ("answers from elsewhere", |plan, site| {
        let keys = plan.keys.len() as u32;
        any_field(plan, &mut |field| {
            let Source::Data(KeyId(key)) = field.source else { return false };
            let is_here = keys > 1 && site.is_here();
            if is_here {
                field.source = Source::Data(KeyId((key + 1) % keys));
            }
            is_here
        })
    }),
    ("answers a type's name for a value", |plan, site| {
        any_field(plan, &mut |field| {
            let is_here = matches!(field.source, Source::Data(_)) && site.is_here();
            if is_here {
                field.source = Source::Typename;
            }
            is_here
        })
    }),
    ("answers under another name", |plan, site| {
        any_field(plan, &mut |field| {
            let is_here = site.is_here();
            if is_here {
                field.response_key = ResponseKey::new(&format!("{}x", &*field.response_key));
            }
            is_here
        })
    }),
    ("answers by another type", |plan, site| {
        any_field(plan, &mut |field| {
            let federation::supergraph::FieldType::Named { non_null, .. } = &mut field.ty else { return false };
            let is_here = matches!(field.source, Source::Data(_)) && site.is_here();
            if is_here {
                *non_null = !*non_null;
            }
            is_here
        })
    }),
    ("answers a field less", |plan, site| {
        any_variant(&mut plan.response, &mut |variants| {
            variants.iter_mut().any(|variant| {
                let at = (0..variant.fields.len()).find(|_| site.is_here());
                at.map(|at| variant.fields.remove(at)).is_some()
            })
        })
    }),
    ("answers in another order", |plan, site| {
        any_variant(&mut plan.response, &mut |variants| {
            let several = variants.iter_mut().find(|variant| variant.fields.len() > 1 && site.is_here());
            several.map(|variant| variant.fields.swap(0, 1)).is_some()
        })
    }),
    ("takes an answer's object for a leaf", |plan, site| {
        any_field(plan, &mut |field| field.selection.is_some() && site.is_here() && field.selection.take().is_some())
    }),
    ("has no answer for some types", |plan, site| {
        any_variant(&mut plan.response, &mut |variants| {
            let at = (0..variants.len()).find(|_| site.is_here());
            at.map(|at| variants.remove(at)).is_some()
        })
    }),
    ("has no answer for a type", |plan, site| {
        any_variant(&mut plan.response, &mut |variants| {
            variants.iter_mut().any(|variant| {
                let ty = variant.types.iter().find(|_| site.is_here());
                ty.map(|ty| variant.types = variant.types.difference(&TypeSet::one(ty))).is_some()
            })
        })
    }),
    ("answers one type as another", |plan, site| {
        any_variant(&mut plan.response, &mut |variants| {
            let is_here = variants.len() > 1 && site.is_here();
            if is_here {
                let other = std::mem::take(&mut variants[1].types);
                variants[1].types = std::mem::replace(&mut variants[0].types, other);
            }
            is_here
        })
    }),
    ("is of another kind", |plan, site| {
        let is_here = site.is_here();
        if is_here {
            plan.kind = if plan.kind == OperationKind::Query { OperationKind::Mutation } else { OperationKind::Query };
        }
        is_here
    }),
    ("forgets introspection", |plan, site| {
        plan.introspection.is_some() && site.is_here() && plan.introspection.take().is_some()
    }),
    ("writes the first part too early", |plan, site| {
        let at = (0..plan.first.len()).find(|_| !plan.blocks.is_empty() && site.is_here());
        at.map(|at| plan.first.remove(at)).is_some()
    }),
    ("writes the first part too late", |plan, site| {
        let other = (0..plan.fetches.len() as u32).map(FetchId);
        let mut other = other.filter(|id| !plan.blocks.is_empty() && !plan.first.contains(id));
        let other = other.find(|_| site.is_here());
        other.map(|id| plan.first.push(id)).is_some()
    }),
    ("writes a deferred part too early", |plan, site| {
        plan.blocks.iter_mut().any(|block| {
            let at = (0..block.needs.len()).find(|_| site.is_here());
            at.map(|at| block.needs.remove(at)).is_some()
        })
    }),
    ("writes a deferred part too late", |plan, site| {
        let fetches = plan.fetches.len() as u32;
        plan.blocks.iter_mut().any(|block| {
            let other = (0..fetches).map(FetchId).find(|id| !block.needs.contains(id) && site.is_here());
            other.map(|id| block.needs.push(id)).is_some()
        })
    }),
    ("labels a part otherwise", |plan, site| {
        let block = plan.blocks.iter_mut().find(|_| site.is_here());
        block.map(|block| block.label = Some("other".to_owned())).is_some()
    }),
    ("puts a part into no other", |plan, site| {
        let block = plan.blocks.iter_mut().find(|block| block.parent.is_some() && site.is_here());
        block.map(|block| block.parent = None).is_some()
    }),
    ("puts a part into itself", |plan, site| {
        let block = plan.blocks.iter_mut().enumerate().find(|_| site.is_here());
        block.map(|(id, block)| block.parent = Some(BlockId(id as u32))).is_some()
    }),
    ("forgets where a part begins", |plan, site| {
        any_variant(&mut plan.response, &mut |variants| {
            variants.iter_mut().any(|variant| {
                let at = (0..variant.begun.len()).find(|_| site.is_here());
                at.map(|at| variant.begun.remove(at)).is_some()
            })
        })
    }),
    ("begins a part twice", |plan, site| {
        any_variant(&mut plan.response, &mut |variants| {
            variants.iter_mut().any(|variant| {
                let at = (0..variant.begun.len()).find(|_| site.is_here());
                at.map(|at| variant.begun.push(variant.begun[at])).is_some()
            })
        })
    }),
    ("delivers a deferred field with the first part", |plan, site| {
        any_field(plan, &mut |field| field.deferred.is_some() && site.is_here() && field.deferred.take().is_some())
    }),
    ("delivers a field with another part", |plan, site| {
        let groups = plan.groups.len() as u32;
        any_field(plan, &mut |field| {
            let Some(deferred) = &mut field.deferred else { return false };
            let is_here = groups > 1 && site.is_here();
            if is_here {
                deferred.group = GroupId((deferred.group.0 + 1) % groups);
            }
            is_here
        })
    }),
    ("forgets that a part asks for a field", |plan, site| {
        any_field(plan, &mut |field| {
            let Some(deferred) = &mut field.deferred else { return false };
            let at = (0..deferred.asked.len()).find(|_| site.is_here());
            at.map(|at| deferred.asked.remove(at)).is_some()
        })
    }),
];
