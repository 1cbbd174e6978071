//! Directives that change no answer: those about access, cost, caching and deprecation.

use super::Generator;

const ON_FIELDS: [&str; 6] = [
    "@authenticated",
    "@requiresScopes(scopes: [[\"read\"], [\"all\"]])",
    "@policy(policies: [[\"any\"]])",
    "@tag(name: \"public\")",
    "@cost(weight: 3)",
    "@deprecated(reason: \"old\")",
];

impl Generator {
    pub(super) fn inert(&mut self) {
        if !self.chance(30) {
            return;
        }
        for ty in self.schema.types.values_mut() {
            for field in ty.fields.values_mut() {
                // Access to what `@requires` names would have to be asked for there, too.
                let is_own = field.graphs.values().all(|directives| {
                    !directives.iter().any(|one| one.starts_with("@external") || one.starts_with("@requires"))
                });
                if ty.interface_object.is_empty()
                    && ty.kind == super::super::schema::Kind::Object
                    && is_own
                    && self.rng.u8(..10) == 0
                    && let Some(directives) = field.graphs.values_mut().next()
                {
                    directives.insert(ON_FIELDS[self.rng.usize(..ON_FIELDS.len())].to_owned());
                }
            }
        }
    }
}
