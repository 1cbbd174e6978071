//! What users are told: a kind a sort of notification, each with its texts (`templates/<language>/<name>.txt`).

use super::Category;

/// Makes the enum and what is known of each kind: its name, the category by which users say how they want to be told, and the
/// type by which webhooks name it.
macro_rules! kinds {
    ($($(#[$meta:meta])* $variant:ident = $name:literal, $category:ident, $event:literal;)*) => {
        /// What a user is told.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, async_graphql::Enum)]
        #[graphql(name = "NotificationKind")]
        pub enum Kind {
            $($(#[$meta])* $variant,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name under which it is stored.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The kind stored under `name`.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
            }

            /// By which of the user's preferences it is told.
            #[must_use]
            pub const fn category(self) -> Category {
                match self {
                    $(Self::$variant => Category::$category,)*
                }
            }

            /// How webhooks call it.
            #[must_use]
            pub const fn webhook_type(self) -> &'static str {
                match self {
                    $(Self::$variant => $event,)*
                }
            }
        }
    };
}

kinds! {
    /// An order was placed.
    OrderPlaced = "ORDER_PLACED", Orders, "order.placed";
    /// An order is on its way.
    OrderShipped = "ORDER_SHIPPED", Orders, "order.shipped";
    /// An order has come.
    OrderDelivered = "ORDER_DELIVERED", Orders, "order.delivered";
    /// An order came to nothing.
    OrderCancelled = "ORDER_CANCELLED", Orders, "order.cancelled";
    /// A return was asked for.
    ReturnRequested = "RETURN_REQUESTED", Orders, "order.return_requested";
    /// What was sent back has come.
    ReturnReceived = "RETURN_RECEIVED", Orders, "order.returned";
    /// Money was taken.
    PaymentReceived = "PAYMENT_RECEIVED", Payments, "payment.captured";
    /// A payment was declined.
    PaymentDeclined = "PAYMENT_DECLINED", Payments, "payment.declined";
    /// Money was given back.
    PaymentRefunded = "PAYMENT_REFUNDED", Payments, "payment.refunded";
    /// What was given back came again: the bank couldn't take it.
    PaymentRefundFailed = "PAYMENT_REFUND_FAILED", Payments, "payment.refund_failed";
    /// The bank took a payment back.
    PaymentDisputed = "PAYMENT_DISPUTED", Payments, "payment.disputed";
    /// It is decided whose the disputed money is.
    DisputeClosed = "DISPUTE_CLOSED", Payments, "payment.dispute_closed";
    /// Mail goes to another address from now on.
    EmailChanged = "EMAIL_CHANGED", Account, "account.email_changed";
    /// The account can't order any more.
    AccountBlocked = "ACCOUNT_BLOCKED", Account, "account.blocked";
    /// The account can order again.
    AccountUnblocked = "ACCOUNT_UNBLOCKED", Account, "account.unblocked";
    /// A webhook failed for so long that it is called no more.
    WebhookDisabled = "WEBHOOK_DISABLED", Account, "webhook.disabled";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for &kind in Kind::ALL {
            assert_eq!(Kind::from_name(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::from_name("order_placed"), None);
    }
}
