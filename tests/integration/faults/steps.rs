//! The steps of a purchase, and who is killed at each.

/// Whom to kill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The router.
    Router,
    /// A service's subgraph.
    Subgraph(&'static str),
    /// One of the workers.
    Worker,
}

/// A moment that can be seen in a database.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it is called.
    pub name: &'static str,
    /// Whose database shows it.
    pub service: &'static str,
    /// Gives a row at that moment; none: any moment will do.
    pub shown_by: &'static str,
    /// Who is killed then.
    pub kills: Target,
}

const fn step(name: &'static str, service: &'static str, shown_by: &'static str, kills: Target) -> Step {
    Step { name, service, shown_by, kills }
}

/// An order is being written.
pub const WRITING: Step = step(
    "writing",
    "orders",
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL LIMIT 1",
    Target::Worker,
);

const OUTBOX: &str = "SELECT FROM outbox LIMIT 1";

/// All of them, in their order. Pulsar's own moments can't be seen in a database: what is published was in an outbox before.
pub fn steps(is_over_pulsar: bool) -> Vec<Step> {
    let mut steps = STEPS.to_vec();
    if is_over_pulsar {
        steps.iter_mut().filter(|step| step.service == "bus").for_each(|step| {
            (step.service, step.shown_by) = ("orders", OUTBOX);
        });
    }
    steps
}

const STEPS: &[Step] = &[
    step("asked", "orders", "", Target::Router),
    step("order", "orders", "", Target::Subgraph("orders")),
    step("outbox", "orders", OUTBOX, Target::Worker),
    step(
        "publish",
        "bus",
        "SELECT FROM log_message WHERE published_at > now() - interval '100 ms' LIMIT 1",
        Target::Worker,
    ),
    step("consume", "stock", "SELECT FROM reservation WHERE status = 'open' LIMIT 1", Target::Worker),
    step("reply", "stock", OUTBOX, Target::Worker),
    step("command", "payments", "SELECT FROM payment_awaited_reply LIMIT 1", Target::Worker),
    step("pay", "payments", "SELECT FROM job WHERE state = 'running' LIMIT 1", Target::Worker),
    step("paid", "payments", OUTBOX, Target::Worker),
    step("confirm", "orders", "SELECT FROM saga WHERE status = 'active' AND awaited <> '[]' LIMIT 1", Target::Worker),
    step("tell", "notifications", "SELECT FROM job WHERE state = 'running' LIMIT 1", Target::Worker),
    step("read", "payments", "", Target::Subgraph("payments")),
];
