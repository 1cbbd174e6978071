//! The first part: all that isn't deferred.

use super::fields::Fields;
use super::fragments::Fragments;
use super::place::Home;
use super::write::write_errors;
use super::{Form, Part, Parts, State, has_next};
use crate::errors::Errors;
use crate::project::{TooLarge, View, project};
use crate::{Request, introspect};

impl Parts<'_> {
    /// Writes it; what is deferred begins at the objects in it.
    pub(super) fn first(&mut self, form: Form) -> Part {
        let plan = self.request.plan;
        let mut introspected = Errors::new(self.request.policy.errors_max);
        let Request { supergraph, variables, .. } = self.request;
        self.introspection = introspect(plan, supergraph, variables, &mut introspected);
        self.file_errors();
        let mut errors = self.filed.take(&[], |home| home == Home::First);
        errors.settle(&plan.response, &self.run.store);
        errors.append(introspected);
        let mut body = b"{\"data\":".to_vec();
        let mut found = Vec::new();
        let written = project(self.input(), (&plan.response, View::First), &mut errors, &mut found, &mut body);
        self.filed.refile(errors.take_moot());
        if written == Err(TooLarge) {
            found.clear();
            errors = self.too_large();
            body = b"{\"data\":null".to_vec();
        }
        let mut pending = Vec::new();
        let state = match form {
            Form::Fragments => State::Fragments(Fragments::new(found, self)),
            Form::Fields => match Fields::new(found, plan, (self.room(body.len()), &mut pending)) {
                Ok(fields) => State::Fields(fields),
                Err(TooLarge) => {
                    errors = self.too_large();
                    body = b"{\"data\":null".to_vec();
                    pending.clear();
                    State::Ended
                }
            },
        };
        let count = errors.len();
        write_errors(errors, &plan.response, &mut body);
        body.extend_from_slice(&pending);
        body.push(b',');
        body.extend_from_slice(has_next(state.is_pending()));
        body.push(b'}');
        self.end((body, count), state)
    }
}
