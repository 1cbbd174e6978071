//! Who calls: the identity itself, and its form on the wire.
//!
//! Roles that this build doesn't know are kept as they came, so that services
//! of different versions can pass them on.

use serde::{Deserialize, Serialize};

/// A caller as a subgraph sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The user's global id; `None` is an anonymous caller.
    pub subject: Option<String>,
    /// What the caller is.
    pub roles: Vec<Role>,
    /// What the caller's token was granted.
    pub scopes: Vec<String>,
    /// Who vouches for all this.
    pub issuer: Issuer,
}

impl Identity {
    /// A caller without a user, through the router.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { subject: None, roles: Vec::new(), scopes: Vec::new(), issuer: Issuer::Router }
    }

    /// A user, by global id, through the router.
    #[must_use]
    pub fn user(subject: impl Into<String>) -> Self {
        Self { subject: Some(subject.into()), ..Self::anonymous() }
    }

    /// A user who is an administrator, through the router.
    #[must_use]
    pub fn administrator(subject: impl Into<String>) -> Self {
        Self { roles: vec![Role::Administrator], ..Self::user(subject) }
    }

    /// A service that calls another for itself, speaking for no user.
    #[must_use]
    pub fn service(name: impl Into<String>) -> Self {
        Self { roles: vec![Role::Service], issuer: Issuer::Service(name.into()), ..Self::anonymous() }
    }

    /// Whether the caller has `role`.
    #[must_use]
    pub fn has_role(&self, role: &Role) -> bool {
        self.roles.contains(role)
    }
}

/// What a caller is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Role {
    /// May see and change everything.
    Administrator,
    /// Another service of the platform; only service keys may claim it.
    Service,
    /// A role this crate gives no meaning to.
    Other(String),
}

impl Role {
    /// The role's name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Administrator => "administrator",
            Self::Service => "service",
            Self::Other(name) => name,
        }
    }
}

impl From<String> for Role {
    fn from(name: String) -> Self {
        match name.as_str() {
            "administrator" => Self::Administrator,
            "service" => Self::Service,
            _ => Self::Other(name),
        }
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.as_str().to_owned()
    }
}

/// Who signs an identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Issuer {
    /// The router, which has checked the user's own credentials.
    Router,
    /// A service, by name, which speaks for itself alone.
    Service(String),
}

impl Issuer {
    /// The issuer's name on the wire: `router`, or `service:<name>`.
    #[must_use]
    pub fn wire_name(&self) -> String {
        match self {
            Self::Router => "router".to_owned(),
            Self::Service(name) => format!("service:{name}"),
        }
    }
}

/// The token's payload.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub iss: String,
    pub aud: String,
    pub iat: u64,
    pub exp: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<String>,
    #[serde(default)]
    pub roles: Vec<Role>,
    #[serde(default)]
    pub scopes: Vec<String>,
}
