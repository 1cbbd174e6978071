//! The session: one connection a process, which holds the advisory locks of its consumers and hears notifications.
//!
//! A consumer is a lock that all may see, so that everybody knows who is there without any heartbeat; a partition is a lock
//! that one has. All of them fall with the connection, however it ends.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;

use super::{
    STATEMENT_TIMEOUT, WAKE_CHANNEL,
    locks::Locks,
    member::{Held, Member, Members},
    notice::Notice,
    share::share,
};
use crate::{
    database::{Database, DatabaseError, Listening},
    outage::Outage,
};

/// How often it looks whether consumers have come or gone without a word: a killed one's partitions lie idle for so long at most.
/// In between only who comes, goes or has finished with what it is to give up makes it look.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a consumer may keep a partition that is another's, to be done with the messages that it was handed.
const LEAVE_WITHIN: Duration = Duration::from_secs(5);
/// How often groups are marked as seen; retention counts in days.
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// The session of one bus.
pub(super) struct Session {
    database: Database,
    members: Arc<Members>,
    listening: Listening,
    /// Members that others can see.
    joined: Vec<Arc<Member>>,
    /// Which member has a partition, by group and partition.
    holders: BTreeMap<(i16, u16), Arc<Member>>,
    seen: Option<Instant>,
}

impl Session {
    pub(super) async fn open(database: Database, members: Arc<Members>) -> Result<Self, DatabaseError> {
        let hearing = Arc::clone(&members);
        let listening = database.listen(WAKE_CHANNEL, move |heard| hear(&hearing, &Notice::read(heard.payload())));
        let listening = listening.await?;
        Ok(Self { database, members, listening, joined: Vec::new(), holders: BTreeMap::new(), seen: None })
    }

    /// Shares partitions out until `stop`, on another connection when one is lost.
    pub(super) async fn run(self, stop: CancellationToken) {
        let members = Arc::clone(&self.members);
        let mut session = self;
        let mut outage = Outage::none("sharing out the partitions of the bus");
        while let Some(Err(error)) = stop.run_until_cancelled(session.serve(&mut outage)).await {
            members.lose();
            let another = stop.run_until_cancelled(session.another(error, &mut outage)).await;
            // What it held has fallen with its connection.
            let Some(another) = another else { return };
            session = another;
        }
        members.lose();
        // Others needn't find out by themselves; if this fails they do.
        let locks = Locks(&session.listening.client);
        drop(tokio::time::timeout(STATEMENT_TIMEOUT, locks.leave()).await);
    }

    /// Another one in the place of this, once there is one. This one is closed before: it has locks for members that hold nothing any more,
    /// so that nobody would work on those partitions if its connection, which was silent, spoke again.
    async fn another(self, error: SessionError, outage: &mut Outage) -> Self {
        let Self { database, members, listening, .. } = self;
        drop(listening);
        let mut wait = outage.failed(&error);
        loop {
            tokio::time::sleep(wait).await;
            match Self::open(database.clone(), Arc::clone(&members)).await {
                Ok(session) => return session,
                Err(error) => {
                    tracing::debug!(error = %crate::database::describe(&error), "the bus is still gone");
                    wait = outage.failed(&error);
                }
            }
        }
    }

    /// Returns when the connection doesn't work any more, and only then.
    async fn serve(&mut self, outage: &mut Outage) -> Result<(), SessionError> {
        loop {
            tokio::time::timeout(STATEMENT_TIMEOUT, self.look()).await.map_err(|_| SessionError::Silent)??;
            self.members.found();
            outage.ended();
            tokio::select! {
                () = self.listening.ended() => return Err(SessionError::Ended),
                () = self.members.changed.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Brings what members hold closer to what they should.
    async fn look(&mut self) -> Result<(), tokio_postgres::Error> {
        let members = self.members.all();
        let mut has_changed = self.leave_and_join(&members).await?;
        let groups: BTreeSet<i16> = members.iter().map(|member| member.group).collect();
        let consumers = Locks(&self.listening.client).consumers(&groups).await?;
        let none = BTreeSet::new();
        let mut to_take = Vec::new();
        let mut to_leave = Vec::new();
        for member in &members {
            let consumers = consumers.get(&member.group).unwrap_or(&none);
            let share = share(consumers, member.key, member.topic.partitions);
            to_leave.extend(leave(member, &share).into_iter().map(|partition| (member.group, partition)));
            let held = member.held();
            to_take.extend(share.into_iter().filter(|partition| !held.contains_key(partition)).map(|p| (p, member)));
        }
        has_changed |= self.unlock(to_leave).await?;
        self.take(to_take).await?;
        if self.seen.is_none_or(|seen| seen.elapsed() >= SEEN_EVERY) {
            Locks(&self.listening.client).seen(&groups).await?;
            self.seen = Some(Instant::now());
        }
        if has_changed {
            Locks(&self.listening.client).tell().await?;
        }
        Ok(())
    }

    /// Shows new members to the others and takes back those that are gone; whether there were any.
    async fn leave_and_join(&mut self, members: &[Arc<Member>]) -> Result<bool, tokio_postgres::Error> {
        let is_in = |member: &Arc<Member>, list: &[Arc<Member>]| list.iter().any(|other| Arc::ptr_eq(other, member));
        let gone: Vec<Arc<Member>> = self.joined.iter().filter(|member| !is_in(member, members)).cloned().collect();
        let new: Vec<Arc<Member>> = members.iter().filter(|member| !is_in(member, &self.joined)).cloned().collect();
        let mut to_leave = Vec::new();
        for member in &gone {
            let held = |(_, holder): &(&(i16, u16), &Arc<Member>)| Arc::ptr_eq(holder, member);
            to_leave.extend(self.holders.iter().filter(held).map(|(&place, _)| place));
        }
        self.unlock(to_leave).await?;
        Locks(&self.listening.client).withdraw(&consumers(&gone)).await?;
        self.joined.retain(|member| !is_in(member, &gone));
        Locks(&self.listening.client).join(&consumers(&new)).await?;
        let has_changed = !gone.is_empty() || !new.is_empty();
        self.joined.extend(new);
        Ok(has_changed)
    }

    async fn unlock(&mut self, partitions: Vec<(i16, u16)>) -> Result<bool, tokio_postgres::Error> {
        Locks(&self.listening.client).give_up(&partitions).await?;
        for place in &partitions {
            self.holders.remove(place);
        }
        Ok(!partitions.is_empty())
    }

    /// Takes of some partitions those that nobody has.
    async fn take(&mut self, mut wanted: Vec<(u16, &Arc<Member>)>) -> Result<(), tokio_postgres::Error> {
        // One connection has a lock as often as it asks for it: that of another consumer of ours is no less another's.
        let mut asked = BTreeSet::new();
        wanted.retain(|(partition, member)| {
            let place = (member.group, *partition);
            !self.holders.contains_key(&place) && asked.insert(place)
        });
        let places: Vec<(i16, u16)> = wanted.iter().map(|&(partition, member)| (member.group, partition)).collect();
        let taken = Locks(&self.listening.client).take(&places).await?;
        for ((partition, member), is_taken) in wanted.into_iter().zip(taken) {
            if is_taken {
                self.holders.insert((member.group, partition), Arc::clone(member));
                member.held().insert(partition, Held::new());
                member.woken.notify_one();
            }
        }
        Ok(())
    }
}

fn consumers(members: &[Arc<Member>]) -> Vec<(i16, i32)> {
    members.iter().map(|member| (member.group, member.key)).collect()
}

/// Takes from a member what isn't its share any more, once it is done with the messages or has had the time for it. What it may keep after
/// all wasn't read meanwhile.
fn leave(member: &Member, share: &BTreeSet<u16>) -> Vec<u16> {
    let is_any_kept = Cell::new(false);
    let left = member.give_away(|partition, held| {
        if share.contains(&partition) {
            is_any_kept.set(held.leaving_since.take().is_some() || is_any_kept.get());
            return true;
        }
        let since = *held.leaving_since.get_or_insert_with(Instant::now);
        held.outstanding() > 0 && since.elapsed() < LEAVE_WITHIN
    });
    if is_any_kept.get() {
        member.woken.notify_one();
    }
    left
}

/// Why a session doesn't go on.
#[derive(Debug, thiserror::Error)]
enum SessionError {
    #[error("a statement failed")]
    Statement(#[from] tokio_postgres::Error),
    #[error("the connection has ended")]
    Ended,
    #[error("the database doesn't answer")]
    Silent,
}

fn hear(members: &Members, notice: &Notice) {
    match notice {
        Notice::Messages { topic, partitions } => {
            for member in members.all().iter().filter(|member| member.topic.id == *topic) {
                member.hear(partitions);
            }
        }
        Notice::Consumers => members.changed.notify_one(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_bus::topics::TopicRow;

    /// While another consumer came and went at once.
    #[test]
    fn what_is_kept_after_all_is_read_at_once() {
        let member = Member::new(TopicRow { id: 1, partitions: 8 }, 1, &Members::default());
        let mut held = Held::new();
        member.begin(0, &mut held, 0);
        held.progress.as_mut().unwrap().hand_out(1);
        member.held().insert(0, held);
        let is_woken = || futures::FutureExt::now_or_never(member.woken.notified()).is_some();
        for (share, is_expected) in [(vec![], false), (vec![0], true), (vec![0], false)] {
            assert!(leave(&member, &share.iter().copied().collect()).is_empty());
            assert_eq!(is_woken(), is_expected, "{share:?}");
        }
    }
}
