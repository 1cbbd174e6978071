//! Bending what is taken of answers and sent along, and where.

use federation::TypeSet;

use super::site::{Bend, any_fetch, any_members, any_selection, entities};
use crate::plan::{FetchKind, KeyId, PathSegment, Target};

pub const BENDS: &[(&str, Bend)] = &[
    ("takes a value less", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            any_selection(&mut fetch.output, &mut |selection| {
                let at = (0..selection.fields.len()).find(|_| site.is_here());
                at.map(|at| selection.fields.remove(at)).is_some()
            })
        })
    }),
    ("takes a value to another place", |plan, site| {
        let keys = plan.keys.len() as u32;
        any_fetch(plan, &mut |fetch| {
            any_selection(&mut fetch.output, &mut |selection| {
                selection.fields.iter_mut().any(|field| {
                    let Target::Key(KeyId(key)) = field.target else { return false };
                    let is_here = keys > 1 && site.is_here();
                    if is_here {
                        field.target = Target::Key(KeyId((key + 1) % keys));
                    }
                    is_here
                })
            })
        })
    }),
    ("takes a value from elsewhere in the answer", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            any_selection(&mut fetch.output, &mut |selection| {
                let at = (1..selection.fields.len()).find(|_| site.is_here());
                let Some(at) = at else { return false };
                let other = selection.fields[at - 1].response_key.clone();
                selection.fields[at].response_key = other;
                true
            })
        })
    }),
    ("takes a leaf for an object", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            any_selection(&mut fetch.output, &mut |selection| {
                let field = selection.fields.iter_mut().find(|_| site.is_here());
                let Some(field) = field else { return false };
                field.selection = if field.selection.is_some() { None } else { Some(Default::default()) };
                true
            })
        })
    }),
    ("leaves a key's or requirement's member out", |plan, site| {
        entities(plan).flat_map(|entities| &mut entities.representations).any(|one| {
            any_members(&mut one.members, &mut |members| {
                let at = (0..members.len()).find(|_| site.is_here());
                at.map(|at| members.remove(at)).is_some()
            })
        })
    }),
    ("sends another value as a member", |plan, site| {
        let keys = plan.keys.len() as u32;
        entities(plan).flat_map(|entities| &mut entities.representations).any(|one| {
            any_members(&mut one.members, &mut |members| {
                members.iter_mut().any(|member| {
                    let Some(KeyId(key)) = member.source else { return false };
                    let is_here = keys > 1 && site.is_here();
                    if is_here {
                        member.source = Some(KeyId((key + 1) % keys));
                    }
                    is_here
                })
            })
        })
    }),
    ("sends a member under another name", |plan, site| {
        entities(plan).flat_map(|entities| &mut entities.representations).any(|one| {
            any_members(&mut one.members, &mut |members| {
                let member = members.iter_mut().find(|_| site.is_here());
                member.map(|member| member.name.push('X')).is_some()
            })
        })
    }),
    ("sends null where none may be", |plan, site| {
        entities(plan).flat_map(|entities| &mut entities.representations).any(|one| {
            any_members(&mut one.members, &mut |members| {
                let member =
                    members.iter_mut().find(|member| member.required && member.source.is_some() && site.is_here());
                member.map(|member| member.required = false).is_some()
            })
        })
    }),
    ("has no representation for some types", |plan, site| {
        entities(plan).any(|entities| {
            let at = (0..entities.representations.len()).find(|_| site.is_here());
            at.map(|at| entities.representations.remove(at)).is_some()
        })
    }),
    ("gives a representation to one type less", |plan, site| {
        entities(plan).flat_map(|entities| &mut entities.representations).any(|one| {
            // No types at all would mean any.
            let ty = one.types.iter().find(|_| one.types.len() > 1 && site.is_here());
            ty.map(|ty| one.types = one.types.difference(&TypeSet::one(ty))).is_some()
        })
    }),
    ("sends a member that nothing needs", |plan, site| {
        entities(plan).flat_map(|entities| &mut entities.representations).any(|one| {
            let Some(mut member) = one.members.iter().find(|_| site.is_here()).cloned() else { return false };
            member.name = "needless".to_owned();
            one.members.push(member);
            true
        })
    }),
    ("sends the name of another type", |plan, site| {
        entities(plan).flat_map(|entities| &mut entities.representations).any(|one| {
            let is_here = site.is_here();
            if is_here {
                one.typename = Some("Query".to_owned());
            }
            is_here
        })
    }),
    ("reads from a shorter path", |plan, site| {
        entities(plan).flat_map(|entities| &mut entities.paths).any(|path| {
            let at = (0..path.len()).find(|_| site.is_here());
            at.map(|at| path.remove(at)).is_some()
        })
    }),
    ("reads from another path", |plan, site| {
        let keys = plan.keys.len() as u32;
        entities(plan).flat_map(|entities| &mut entities.paths).flatten().any(|segment| match segment {
            PathSegment::Key(KeyId(key)) if keys > 1 && site.is_here() => {
                *key = (*key + 1) % keys;
                true
            }
            PathSegment::Type(types) if site.is_here() => {
                let first = types.iter().next().unwrap();
                *types = types.difference(&TypeSet::one(first));
                true
            }
            _ => false,
        })
    }),
    ("reads from one path less", |plan, site| {
        entities(plan).any(|entities| {
            let at = (0..entities.paths.len()).find(|_| site.is_here());
            at.map(|at| entities.paths.remove(at)).is_some()
        })
    }),
    ("enters a root elsewhere", |plan, site| {
        any_fetch(plan, &mut |fetch| match &mut fetch.kind {
            FetchKind::Root { path } => {
                let is_here = site.is_here();
                if is_here {
                    path.push(PathSegment::Key(KeyId(0)));
                }
                is_here
            }
            FetchKind::Entities(_) => false,
        })
    }),
];
