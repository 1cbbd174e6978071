//! What others see of a deletion: its row, the lines of how it ends, and the event when it is refused.

use diesel_async::AsyncPgConnection;
use uuid::Uuid;
use wire::events::users::UserErasureRefused;

use crate::{
    domain::{
        Action, Author, DeletionStatus, UserId,
        erasure::{STUCK_FROM, Told},
    },
    store::{Line, Progress, StoreError, deletion_progress, note, tell, user_lock},
};

/// Writes down how far the deletion of `user` is, and how it ends.
pub async fn tell_progress(
    connection: &mut AsyncPgConnection,
    author: &Author,
    (id, user): (Uuid, UserId),
    told: &Told,
) -> Result<(), StoreError> {
    // Events of one account leave in the order in which its row was had.
    user_lock(connection, user).await?;
    match told {
        Told::Refused { party, .. } => {
            let event = UserErasureRefused { user_id: user.into(), domain: party.domain().to_string() };
            tell(connection, author, Line::new(user, Action::DeletionRefused), &event).await?;
        }
        Told::Erased => {
            // Told already, by the account itself, which was the last to forget.
            note(connection, author, Line::new(user, Action::DeletionCompleted)).await?;
        }
        Told::Asked { .. } | Told::Postponed { .. } => {}
    }
    Ok(deletion_progress(connection, id, progress(told)).await?)
}

fn progress(told: &Told) -> Progress<'_> {
    match told {
        Told::Asked { party, times } => Progress {
            status: if *times >= STUCK_FROM { DeletionStatus::Stuck } else { DeletionStatus::Asking },
            waiting_for: Some(party.domain().as_str()),
            asked: i32::try_from(*times).unwrap_or(i32::MAX),
            refusal: None,
        },
        Told::Postponed { party, code } => Progress {
            status: DeletionStatus::Postponed,
            waiting_for: Some(party.domain().as_str()),
            asked: 0,
            refusal: Some((party.domain().as_str(), code)),
        },
        Told::Refused { party, code } => Progress {
            status: DeletionStatus::Refused,
            waiting_for: None,
            asked: 0,
            refusal: Some((party.domain().as_str(), code)),
        },
        Told::Erased => Progress { status: DeletionStatus::Erased, waiting_for: None, asked: 0, refusal: None },
    }
}
