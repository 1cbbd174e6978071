//! Hides what tags say. A tag on an object or interface counts as one on each of its fields.

use federation::subgraph::Composite;
use graphql::schema::ExtendedType;
use graphql::{Name, Schema};

use super::Contract;
use super::hidden::Hidden;

/// Hides excluded elements and those that needed an included tag, beside what was hidden already.
pub(super) fn hide(schema: &Schema, contract: &Contract, hidden: &mut Hidden) {
    for (name, ty) in schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        if hidden.is_vocabulary(name) {
            continue;
        }
        let tags = hidden.tags(&ty.directives().0);
        let lacks_included = matches!(ty, ExtendedType::Union(_)) && contract.leaves_out(&tags);
        if hidden.is_marked(&ty.directives().0) || contract.excludes(&tags) || lacks_included {
            hidden.types.insert(name.clone());
        }
        match ty {
            ExtendedType::Object(_) | ExtendedType::Interface(_) => composite(name, ty, &tags, contract, hidden),
            ExtendedType::Enum(ty) => {
                for value in ty.values.values() {
                    member(name, &value.value, &value.directives.0, contract, hidden);
                }
            }
            ExtendedType::InputObject(ty) => {
                for field in ty.fields.values() {
                    member(name, &field.name, &field.directives.0, contract, hidden);
                }
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => {}
        }
    }
}

fn composite(name: &Name, ty: &ExtendedType, of_type: &[&str], contract: &Contract, hidden: &mut Hidden) {
    let Some(ty) = Composite::of(ty) else { return };
    for field in ty.fields.values() {
        let mut tags = hidden.tags(&field.directives.0);
        tags.extend(of_type);
        if hidden.is_marked(&field.directives.0) || contract.excludes(&tags) || contract.leaves_out(&tags) {
            hidden.members.insert((name.clone(), field.name.clone()));
        }
        for argument in &field.arguments {
            let excluded = contract.excludes(&hidden.tags(&argument.directives.0));
            if hidden.is_marked(&argument.directives.0) || excluded {
                hidden.arguments.insert((name.clone(), field.name.clone(), argument.name.clone()));
            }
        }
    }
}

fn member<D: AsRef<graphql::ast::Directive>>(
    ty: &Name,
    name: &Name,
    directives: &[D],
    contract: &Contract,
    hidden: &mut Hidden,
) {
    if hidden.is_marked(directives) || contract.excludes(&hidden.tags(directives)) {
        hidden.members.insert((ty.clone(), name.clone()));
    }
}

impl Contract {
    /// Whether an element with these tags is excluded.
    fn excludes(&self, tags: &[&str]) -> bool {
        self.exclude.iter().any(|excluded| tags.contains(&excluded.as_str()))
    }

    /// Whether an element that needs an included tag has none.
    fn leaves_out(&self, tags: &[&str]) -> bool {
        !self.include.is_empty() && !self.includes(tags)
    }

    /// Whether an element has an included tag.
    pub(super) fn includes(&self, tags: &[&str]) -> bool {
        self.include.iter().any(|included| tags.contains(&included.as_str()))
    }
}
