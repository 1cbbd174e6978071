//! The access requirements of one element: `@authenticated`, `@requiresScopes` and `@policy` taken together.

use federation::vocabulary::{AUTHENTICATED, POLICY, REQUIRES_SCOPES};
use graphql::Node;
use graphql::ast::Directive;

use super::alternatives::Alternatives;
use super::links::SpecNames;

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

    /// What asks for both.
    pub(crate) fn and(&self, other: &Self) -> Self {
        let both = |one: &Option<Alternatives>, other: &Option<Alternatives>| match (one, other) {
            (Some(one), Some(other)) => Some(one.and(other)),
            (one, other) => one.clone().or_else(|| other.clone()),
        };
        Self {
            authenticated: self.authenticated || other.authenticated,
            scopes: both(&self.scopes, &other.scopes),
            policies: both(&self.policies, &other.policies),
        }
    }

    /// Whether whoever fulfils this fulfils `other` too.
    pub(crate) fn implies(&self, other: &Self) -> bool {
        let none = Alternatives::default();
        let implied = |one: &Option<Alternatives>, other: &Option<Alternatives>| {
            one.as_ref().unwrap_or(&none).implies(other.as_ref().unwrap_or(&none))
        };
        (self.authenticated || !other.authenticated)
            && implied(&self.scopes, &other.scopes)
            && implied(&self.policies, &other.policies)
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
