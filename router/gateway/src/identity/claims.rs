//! What a token whose signature holds says, and whether it holds here and now (RFC 7519 §4.1).

use serde_json::Value;
use wire::identity::{GRANTS_MAX, Identity, Issuer, Role};

use crate::config;

/// A token's claims, unchecked.
pub(super) type Claims = serde_json::Map<String, Value>;

/// What is accepted.
pub(super) struct Rules {
    issuers: Vec<String>,
    audiences: Vec<String>,
    clock_skew_s: u64,
    roles_claim: String,
}

impl Rules {
    pub fn new(config: &config::Jwt) -> Self {
        Self {
            issuers: config.issuers.clone(),
            audiences: config.audiences.clone(),
            clock_skew_s: config.clock_skew_s,
            roles_claim: config.roles_claim.clone(),
        }
    }

    /// The identity, if the claims hold at `now`, in Unix seconds. The error is safe to show.
    pub fn identity(&self, claims: &Claims, now: u64) -> Result<Identity, &'static str> {
        self.check_times(claims, now)?;
        let issuer = claims.get("iss").and_then(Value::as_str);
        if !self.issuers.is_empty() && !issuer.is_some_and(|issuer| self.issuers.iter().any(|one| one == issuer)) {
            return Err("the token's issuer is not accepted");
        }
        if !self.audiences.is_empty() && !words(claims.get("aud")).any(|word| self.audiences.iter().any(|a| a == word))
        {
            return Err("the token is meant for another audience");
        }
        let subject = claims.get("sub").and_then(Value::as_str).filter(|subject| !subject.is_empty());
        let roles: Vec<_> = words(claims.get(&self.roles_claim))
            .map(|word| Role::from(word.to_owned()))
            // A service is told by the key it signs with; a user's token can't make one.
            .filter(|role| *role != Role::Service)
            .collect();
        let scopes = claims.get("scope").or_else(|| claims.get("scp"));
        let scopes: Vec<_> = words(scopes).flat_map(str::split_ascii_whitespace).map(str::to_owned).collect();
        if roles.len() > GRANTS_MAX || scopes.len() > GRANTS_MAX {
            return Err("the token grants more than can be passed on");
        }
        let subject = subject.ok_or("the token names no subject")?.to_owned();
        Ok(Identity { subject: Some(subject), roles, scopes, issuer: Issuer::Router })
    }

    fn check_times(&self, claims: &Claims, now: u64) -> Result<(), &'static str> {
        let expires = seconds(claims.get("exp"))?.ok_or("the token never expires")?;
        if now >= expires.saturating_add(self.clock_skew_s) {
            return Err("the token has expired");
        }
        match seconds(claims.get("nbf"))? {
            Some(from) if now.saturating_add(self.clock_skew_s) < from => Err("the token is not valid yet"),
            _ => Ok(()),
        }
    }
}

/// A NumericDate, which may have a fraction.
fn seconds(value: Option<&Value>) -> Result<Option<u64>, &'static str> {
    match value {
        None => Ok(None),
        Some(value) => match (value.as_u64(), value.as_f64()) {
            (Some(seconds), _) => Ok(Some(seconds)),
            (None, Some(seconds)) if (0.0..1e15).contains(&seconds) => Ok(Some(seconds as u64)),
            _ => Err("the token has a malformed time"),
        },
    }
}

/// A claim that is one string or a list of them.
fn words(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let one = value.and_then(Value::as_str);
    let many = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(many)
}
