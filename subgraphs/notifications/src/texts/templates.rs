//! The templates, which are part of the program.

/// Names the templates and includes them.
macro_rules! templates {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../templates/", $name)))),*]
    };
}

/// One a kind and language.
pub(super) const TEXTS: &[(&str, &str)] = templates! {
    "de/account_blocked.txt"
    "de/account_unblocked.txt"
    "de/dispute_closed.txt"
    "de/email_changed.txt"
    "de/order_cancelled.txt"
    "de/order_delivered.txt"
    "de/order_placed.txt"
    "de/order_shipped.txt"
    "de/payment_declined.txt"
    "de/payment_disputed.txt"
    "de/payment_received.txt"
    "de/payment_refund_failed.txt"
    "de/payment_refunded.txt"
    "de/return_received.txt"
    "de/return_requested.txt"
    "de/webhook_disabled.txt"
    "en/account_blocked.txt"
    "en/account_unblocked.txt"
    "en/dispute_closed.txt"
    "en/email_changed.txt"
    "en/order_cancelled.txt"
    "en/order_delivered.txt"
    "en/order_placed.txt"
    "en/order_shipped.txt"
    "en/payment_declined.txt"
    "en/payment_disputed.txt"
    "en/payment_received.txt"
    "en/payment_refund_failed.txt"
    "en/payment_refunded.txt"
    "en/return_received.txt"
    "en/return_requested.txt"
    "en/webhook_disabled.txt"
};

/// What stands around a mail's texts.
pub(super) const LAYOUTS: &[(&str, &str)] = templates! {
    "mail.txt"
    "mail.html"
};
