//! Bending what is said of objects that come again.

use super::site::{Bend, any_fetch, any_selection};
use crate::plan::AlikeId;

pub const BENDS: &[(&str, Bend)] = &[("keeps objects once that are not treated alike", |plan, site| {
    any_fetch(plan, &mut |fetch| {
        any_selection(&mut fetch.output, &mut |selection| {
            let is_here = selection.alike.is_none() && site.is_here();
            if is_here {
                selection.alike = Some(AlikeId(u32::MAX));
            }
            is_here
        })
    })
})];
