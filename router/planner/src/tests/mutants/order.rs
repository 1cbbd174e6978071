//! Bending the order of fetches, and which of them go together.

use super::site::Bend;
use crate::plan::FetchId;

pub const BENDS: &[(&str, Bend)] = &[
    ("forgets a fetch", |plan, site| {
        let at = (0..plan.fetches.len()).find(|_| site.is_here());
        let Some(at) = at else { return false };
        plan.fetches.remove(at);
        let gone = FetchId(at as u32);
        let renumber = |ids: &mut Vec<FetchId>| {
            ids.retain(|id| *id != gone);
            ids.iter_mut().filter(|id| **id > gone).for_each(|id| id.0 -= 1);
        };
        plan.fetches.iter_mut().for_each(|fetch| renumber(&mut fetch.after));
        plan.fetches.iter_mut().flat_map(|fetch| &mut fetch.apart).for_each(|part| renumber(&mut part.after));
        plan.blocks.iter_mut().for_each(|block| renumber(&mut block.needs));
        renumber(&mut plan.first);
        for joint in &mut plan.joint {
            joint.members.retain(|member| member.fetch != gone);
            joint.members.iter_mut().filter(|member| member.fetch > gone).for_each(|member| member.fetch.0 -= 1);
        }
        true
    }),
    ("forgets to wait", |plan, site| {
        plan.fetches.iter_mut().any(|fetch| {
            let at = (0..fetch.after.len()).find(|_| site.is_here());
            let Some(at) = at else { return false };
            fetch.after.remove(at);
            for part in &mut fetch.apart {
                part.after.remove(at);
            }
            true
        })
    }),
    ("waits for what it does not read", |plan, site| {
        for at in 0..plan.fetches.len() {
            for before in (0..at as u32).map(FetchId) {
                if !plan.fetches[at].after.contains(&before) && site.is_here() {
                    let fetch = &mut plan.fetches[at];
                    fetch.after.push(before);
                    fetch.apart.iter_mut().for_each(|part| part.after.push(before));
                    return true;
                }
            }
        }
        false
    }),
    ("asks again for what is known", |plan, site| {
        let at = (0..plan.fetches.len()).find(|_| site.is_here());
        let Some(mut again) = at.and_then(|at| plan.fetches.get(at)).cloned() else { return false };
        again.after.extend(at.map(|at| FetchId(at as u32)));
        again.apart.clear();
        plan.first.extend((!plan.blocks.is_empty()).then_some(FetchId(plan.fetches.len() as u32)));
        plan.fetches.push(again);
        true
    }),
    ("runs two fetches the other way round", |plan, site| {
        let at = (1..plan.fetches.len())
            .find(|&at| plan.fetches[at].after.contains(&FetchId(at as u32 - 1)) && site.is_here());
        at.map(|at| plan.fetches.swap(at - 1, at)).is_some()
    }),
    ("sends a fetch in one request less", |plan, site| {
        plan.joint.iter_mut().any(|joint| {
            let at = (0..joint.members.len()).find(|_| site.is_here());
            at.map(|at| joint.members.remove(at)).is_some()
        })
    }),
    ("takes two answers of one request for each other", |plan, site| {
        plan.joint.iter_mut().any(|joint| {
            let is_here = joint.members.len() > 1 && site.is_here();
            if is_here {
                let other = joint.members[1].fetch;
                joint.members[1].fetch = joint.members[0].fetch;
                joint.members[0].fetch = other;
            }
            is_here
        })
    }),
    ("reads the answer of one request elsewhere", |plan, site| {
        plan.joint.iter_mut().flat_map(|joint| &mut joint.members).any(|member| {
            let is_here = site.is_here();
            if is_here {
                member.response_key.push('x');
            }
            is_here
        })
    }),
    ("sends the representations of one request under another name", |plan, site| {
        plan.joint.iter_mut().flat_map(|joint| &mut joint.members).any(|member| {
            let is_here = site.is_here();
            if is_here {
                member.variable.push('x');
            }
            is_here
        })
    }),
    ("sends a variable less with one request", |plan, site| {
        plan.joint
            .iter_mut()
            .any(|joint| !joint.variables.is_empty() && site.is_here() && joint.variables.pop().is_some())
    }),
    ("forgets what is asked apart", |plan, site| {
        plan.fetches.iter_mut().any(|fetch| {
            let at = (0..fetch.apart.len()).find(|_| site.is_here());
            at.map(|at| fetch.apart.remove(at)).is_some()
        })
    }),
    ("asks something twice apart", |plan, site| {
        plan.fetches.iter_mut().any(|fetch| {
            let at = (0..fetch.apart.len()).find(|_| site.is_here());
            at.map(|at| fetch.apart.push(fetch.apart[at].clone())).is_some()
        })
    }),
];
