//! Who calls, as resolvers see it.
//!
//! Every request's context has exactly one [`Caller`]; a resolver that shows
//! or changes something owned asks it first. It must never be made from
//! anything but a verified identity.

use async_graphql::Context;
use uuid::Uuid;
use wire::identity::{Identity, Role};

use crate::{
    error::{Error, Result, request_data},
    id::{self, GlobalId},
};

/// The GraphQL type of subjects.
const SUBJECT_TYPE: &str = "User";

/// The verified caller of one request.
#[derive(Debug, Clone)]
pub struct Caller {
    identity: Identity,
    user: Option<Uuid>,
}

impl Caller {
    /// The caller that `identity` describes. A subject that is no user's
    /// global id counts as anonymous.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        let user = identity.subject.as_deref().and_then(|subject| id::decode(SUBJECT_TYPE, subject));
        Self { identity, user }
    }

    /// The caller of this request.
    ///
    /// # Errors
    /// An internal error outside of a request.
    pub fn from_context<'a>(context: &Context<'a>) -> Result<&'a Self> {
        request_data::<Self>(context)
    }

    /// The whole identity.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The calling user, as the domain's own id type.
    #[must_use]
    pub fn user<I: GlobalId>(&self) -> Option<I> {
        self.user.map(I::from_uuid)
    }

    /// The calling user.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an anonymous caller.
    pub fn require_user<I: GlobalId>(&self) -> Result<I> {
        self.user().ok_or(Error::Unauthenticated)
    }

    /// Whether the caller is an administrator.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.identity.has_role(&Role::Administrator)
    }

    /// Whether the caller is another service of the platform.
    #[must_use]
    pub fn is_service(&self) -> bool {
        self.identity.has_role(&Role::Service)
    }

    /// Passes administrators.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an anonymous caller, else
    /// [`Error::Forbidden`].
    pub fn require_administrator(&self) -> Result<()> {
        if self.is_administrator() {
            return Ok(());
        }
        Err(self.refusal())
    }

    /// Passes users and administrators, who alone can own or see anything of a user's. Asked before what has an id is looked up, a
    /// refusal is the same for what is there and what isn't; what is somebody else's is then nothing, by [`Caller::may_read`].
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an anonymous caller, else
    /// [`Error::Forbidden`].
    pub fn require_any_user(&self) -> Result<()> {
        if self.is_administrator() || self.user.is_some() {
            return Ok(());
        }
        Err(self.refusal())
    }

    /// Whether the caller may see what `owner` owns: the owner and
    /// administrators may.
    #[must_use]
    pub fn may_read<I: GlobalId>(&self, owner: I) -> bool {
        self.is_administrator() || self.user == Some(owner.uuid())
    }

    /// Passes the owner and administrators. For what every user has; whatever has an id that may be nobody's would tell by its refusal
    /// that it is there.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an anonymous caller, else
    /// [`Error::Forbidden`].
    pub fn require_owner<I: GlobalId>(&self, owner: I) -> Result<()> {
        if self.may_read(owner) {
            return Ok(());
        }
        Err(self.refusal())
    }

    fn refusal(&self) -> Error {
        if self.user.is_none() && !self.is_service() { Error::Unauthenticated } else { Error::Forbidden }
    }
}
