//! The members of objects: each object has a range of one list. One that gets more than it has room for moves to the
//! list's end.

use planner::plan::{FetchId, KeyId};

use super::{Full, Node, NodeId, Object, ObjectType, Store};

/// Where an object's members stand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Members {
    first: u32,
    len: u32,
    room: u32,
}

impl Members {
    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    /// The places of all of them.
    pub fn places(self) -> std::ops::Range<usize> {
        self.first as usize..self.first as usize + self.len as usize
    }
}

impl Store<'_> {
    /// Adds an object with its members, each key once.
    ///
    /// # Errors
    /// If there are too many nodes.
    pub fn add_object(
        &mut self,
        ty: ObjectType,
        told_by: FetchId,
        members: &[(KeyId, NodeId)],
    ) -> Result<NodeId, Full> {
        let first = u32::try_from(self.members.len()).map_err(|_| Full)?;
        let len = u32::try_from(members.len()).map_err(|_| Full)?;
        self.members.extend_from_slice(members);
        self.add(Node::Object(Object { ty, told_by, members: Members { first, len, room: len } }))
    }

    /// The members of an object, in the order of arrival.
    pub fn members(&self, object: &Object) -> &[(KeyId, NodeId)] {
        self.members.get(object.members.places()).unwrap_or_default()
    }

    /// The member of an object at a place of [`Members::places`].
    pub fn member_at(&self, place: usize) -> Option<(KeyId, NodeId)> {
        self.members.get(place).copied()
    }

    /// The member of a key.
    pub fn member(&self, object: &Object, key: KeyId) -> Option<NodeId> {
        self.members(object).iter().find(|(name, _)| *name == key).map(|(_, node)| *node)
    }

    /// Makes room for so many members more.
    ///
    /// # Errors
    /// If there are too many in all.
    pub fn reserve_members(&mut self, object: NodeId, more: usize) -> Result<(), Full> {
        let Some(Object { members: Members { len, room, .. }, .. }) = self.object(object).copied() else {
            return Ok(());
        };
        let wanted = u32::try_from(more).ok().and_then(|more| len.checked_add(more)).ok_or(Full)?;
        if wanted <= room {
            return Ok(());
        }
        let first = self.members.len();
        let moved = self.object(object).map_or(0..0, |object| object.members.places());
        self.members.extend_from_within(moved);
        self.members.resize(first + wanted as usize, (KeyId(0), NodeId(0)));
        u32::try_from(self.members.len()).map_err(|_| Full)?;
        if let Some(object) = self.object_mut(object) {
            object.members = Members { first: first as u32, len, room: wanted };
        }
        Ok(())
    }

    /// Adds a member that the object doesn't have.
    ///
    /// # Errors
    /// If there are too many in all.
    pub fn add_member(&mut self, object: NodeId, key: KeyId, node: NodeId) -> Result<(), Full> {
        let Some(Members { len, room, .. }) = self.object(object).map(|object| object.members) else { return Ok(()) };
        if len == room {
            // Twice as many each time, so that moving them costs little in all.
            self.reserve_members(object, len.max(4) as usize)?;
        }
        let Some(members) = self.object_mut(object).map(|object| &mut object.members) else { return Ok(()) };
        members.len += 1;
        let place = members.places().end - 1;
        if let Some(member) = self.members.get_mut(place) {
            *member = (key, node);
        }
        Ok(())
    }
}
