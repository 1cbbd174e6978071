//! What became of what users were told. Keyed by user, since an inbox is one thing and is counted as one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::event;
use crate::id::{NotificationId, UserId, WebhookId};
use crate::open_enum::open_enum;

crate::dispatch! {
    /// What the notifications domain tells.
    pub enum NotificationEvent {
        Delivered(NotificationDelivered),
        Read(NotificationRead),
        Bounced(NotificationBounced),
        WebhookDisabled(WebhookDisabled),
    }
}

/// A user was told something by one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotificationDelivered {
    /// Which notification.
    pub notification_id: NotificationId,
    /// Who was told.
    pub user_id: UserId,
    /// By which way.
    pub channel: Channel,
    /// The subject of the event that it is about: an order's id, say.
    pub about: String,
}

/// A user has seen notifications.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotificationRead {
    /// Who.
    pub user_id: UserId,
    /// Which; none: all that there were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification_ids: Option<Vec<NotificationId>>,
    /// How many are left that the user hasn't seen.
    pub unread: u32,
}

/// A user could not be told by one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotificationBounced {
    /// Which notification.
    pub notification_id: NotificationId,
    /// Who was to be told.
    pub user_id: UserId,
    /// By which way.
    pub channel: Channel,
    /// Why not.
    pub reason: BounceReason,
}

/// A webhook failed for so long that it is called no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookDisabled {
    /// Which.
    pub webhook_id: WebhookId,
    /// Whose it is.
    pub user_id: UserId,
}

open_enum! {
    /// A way to tell somebody something.
    pub enum Channel {
        /// The inbox in the shop itself.
        InApp = "IN_APP",
        /// A mail.
        Email = "EMAIL",
        /// A call of the user's own program.
        Webhook = "WEBHOOK",
        /// A message on the user's telephone.
        Push = "PUSH",
    }
}

open_enum! {
    /// Why somebody could not be told.
    pub enum BounceReason {
        /// There is no such address.
        UnknownAddress = "UNKNOWN_ADDRESS",
        /// It was refused.
        Refused = "REFUSED",
        /// It was tried until it was too late.
        GivenUp = "GIVEN_UP",
    }
}

event!(NotificationDelivered, Notifications, "delivered", 1, user_id);
event!(NotificationRead, Notifications, "read", 1, user_id);
event!(NotificationBounced, Notifications, "bounced", 1, user_id);
event!(WebhookDisabled, Notifications, "webhook-disabled", 1, user_id);
