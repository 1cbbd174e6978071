//! The access requirements of one element: `@authenticated`, `@requiresScopes` and `@policy` taken together.

use federation::vocabulary::{AUTHENTICATED, POLICY, REQUIRES_SCOPES};
use graphql::Node;
use graphql::ast::Directive;

use super::alternatives::Alternatives;
pub(crate) use super::alternatives::{ALTERNATIVES_MAX, TooMany};
use super::links::SpecNames;

/// The code of requirements whose alternatives are too many to be told together.
pub(crate) const TOO_MANY_CODE: &str = "MAX_ACCESS_ALTERNATIVES_EXCEEDED";

/// What an element asks for with too many alternatives, in words.
pub(crate) fn too_many(place: impl std::fmt::Display) -> String {
    format!(
        "{place} puts together scopes or policies of several places, whose alternatives are too many: more than {ALTERNATIVES_MAX} when multiplied, or than can be compared"
    )
}

/// What somebody must fulfil to read an element.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requirements {
    authenticated: bool,
    scopes: Option<Alternatives>,
    policies: Option<Alternatives>,
}

impl Requirements {
    /// Reads them from an element of the merged schema.
    pub(crate) fn of<'a>(names: &SpecNames, directives: impl IntoIterator<Item = &'a Node<Directive>>) -> Self {
        let mut found = Self::default();
        for directive in directives {
            let alternatives =
                |argument: &str| directive.specified_argument_by_name(argument).map(|v| Alternatives::read(v));
            match names.canonical(&directive.name) {
                Some(AUTHENTICATED) => found.authenticated = true,
                Some(REQUIRES_SCOPES) => found.scopes = alternatives("scopes"),
                Some(POLICY) => found.policies = alternatives("policies"),
                _ => {}
            }
        }
        found
    }

    /// Whether a directive of the merged schema is one of the three.
    pub(crate) fn is_one(names: &SpecNames, directive: &Directive) -> bool {
        matches!(names.canonical(&directive.name), Some(AUTHENTICATED | REQUIRES_SCOPES | POLICY))
    }

    /// The directives whose arguments differ among several elements that apply them.
    pub(crate) fn disagreeing<'a>(several: impl Iterator<Item = &'a Self> + Clone) -> Vec<&'static str> {
        let differ =
            |list: Vec<&Alternatives>| list.windows(2).any(|pair| matches!(pair, [one, other] if one != other));
        let scopes = differ(several.clone().filter_map(|one| one.scopes.as_ref()).collect());
        let policies = differ(several.filter_map(|one| one.policies.as_ref()).collect());
        [("requiresScopes", scopes), ("policy", policies)]
            .into_iter()
            .filter(|(_, differ)| *differ)
            .map(|(name, _)| name)
            .collect()
    }

    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        !self.authenticated && self.scopes.is_none() && self.policies.is_none()
    }

    /// What asks for all of several.
    pub(crate) fn all_of<'a>(several: impl Iterator<Item = &'a Self> + Clone) -> Result<Self, TooMany> {
        let all = |of: fn(&Self) -> Option<&Alternatives>| {
            let asking: Vec<&Alternatives> = several.clone().filter_map(of).collect();
            let all = (!asking.is_empty()).then(|| Alternatives::all_of(asking));
            all.transpose()
        };
        Ok(Self {
            authenticated: several.clone().any(|one| one.authenticated),
            scopes: all(|one| one.scopes.as_ref())?,
            policies: all(|one| one.policies.as_ref())?,
        })
    }

    /// Whether whoever fulfils both of two fulfils `wanted` too. The two are not multiplied first: there may be too many
    /// alternatives of both to write down where each alone has few.
    pub(crate) fn both_imply(one: &Self, other: &Self, wanted: &Self) -> Result<bool, TooMany> {
        let none = Alternatives::default();
        let implied = |of: fn(&Self) -> Option<&Alternatives>| {
            let of = |part| of(part).unwrap_or(&none);
            Alternatives::both_imply(of(one), of(other), of(wanted))
        };
        Ok((one.authenticated || other.authenticated || !wanted.authenticated)
            && implied(|part| part.scopes.as_ref())?
            && implied(|part| part.policies.as_ref())?)
    }

    /// The directives that say so in the supergraph.
    pub(crate) fn into_directives(self, names: &SpecNames) -> Vec<Directive> {
        let authenticated = self.authenticated.then_some((AUTHENTICATED, None));
        let scopes = self.scopes.map(|scopes| (REQUIRES_SCOPES, Some(("scopes", scopes))));
        let policies = self.policies.map(|policies| (POLICY, Some(("policies", policies))));
        let directive = |(canonical, argument): (&str, Option<(&'static str, Alternatives)>)| {
            let argument = argument.map(|(name, alternatives)| (name, alternatives.into_value()));
            names.directive(canonical, argument.into_iter().collect())
        };
        [authenticated, scopes, policies].into_iter().flatten().filter_map(directive).collect()
    }
}
