//! By which ways a user is told something, and when.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use wire::events::notifications::Channel;

use super::{Contact, Digest, Kind, quiet_hours::next_hour};

/// At which hour of the user's morning a digest is due.
pub const DIGEST_HOUR: u8 = 8;
/// How old an event may be that leaves the house: what comes later (after a long outage, or from a bus that is read again from its
/// beginning) is for the inbox alone.
pub const STALE_AFTER: TimeDelta = TimeDelta::days(3);

/// What a plan depends on beside the user's wishes.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// What is told.
    pub kind: Kind,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
    /// The user's webhooks that are called.
    pub webhooks: &'a [Uuid],
    /// Whether there is anybody who pushes.
    pub push: Push,
}

/// Whether there is anybody who pushes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Push {
    /// There is.
    Available,
    /// There isn't.
    Unavailable,
}

/// How a user is told something.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Plan {
    /// Whether it is in the inbox.
    pub inbox: bool,
    /// The mail.
    pub email: Option<Mailing>,
    /// Which webhooks are called, at once.
    pub webhooks: Vec<Uuid>,
    /// When it is pushed.
    pub push_at: Option<DateTime<Utc>>,
}

/// A mail of its own, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailing {
    /// A mail of its own, then.
    Alone(DateTime<Utc>),
    /// In the next digest. One that has to be begun is due then.
    Digest(DateTime<Utc>),
}

impl Plan {
    /// The inbox and nothing else: for what nobody can say how it is to be told.
    #[must_use]
    pub fn inbox_only() -> Self {
        Self { inbox: true, ..Self::default() }
    }

    /// How `contact` is told.
    ///
    /// Mail and push wait for the end of quiet hours; webhooks, which programs answer, don't. What is asked of a mail is the mail alone:
    /// a digest holds nothing else up.
    #[must_use]
    pub fn of(contact: &Contact, situation: &Situation<'_>) -> Self {
        let Situation { kind, now, .. } = *situation;
        let wants = |channel| contact.wants(kind.category(), &channel);
        let mut plan = Self { inbox: wants(Channel::InApp), ..Self::default() };
        if now - situation.occurred_at > STALE_AFTER {
            return plan;
        }
        if wants(Channel::Email) {
            plan.email = Some(match contact.digest {
                Digest::None => Mailing::Alone(not_before(contact, now)),
                Digest::Daily => Mailing::Digest(next_hour(now, &contact.zone, DIGEST_HOUR)),
            });
        }
        // Told to the webhook that it is about, it would never arrive.
        if wants(Channel::Webhook) && kind != Kind::WebhookDisabled {
            plan.webhooks = situation.webhooks.to_vec();
        }
        if wants(Channel::Push) && situation.push == Push::Available {
            plan.push_at = Some(not_before(contact, now));
        }
        plan
    }
}

/// Now, or the end of the quiet hours.
#[must_use]
pub fn not_before(contact: &Contact, now: DateTime<Utc>) -> DateTime<Utc> {
    contact.quiet_hours.and_then(|hours| hours.end(now, &contact.zone)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(channels: &str, digest: &str) -> Contact {
        let text = format!(
            r#"{{"email":"a@example.org","name":"A","locale":"en","timeZone":"Europe/Berlin",
            "channels":{{"orders":[{channels}]}},"quietHours":{{"from":"22:00","to":"07:00"}},"digest":"{digest}"}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn plan(contact: &Contact, kind: Kind, now: &str, push: Push) -> Plan {
        let now = now.parse().unwrap();
        let webhooks = [Uuid::from_u128(1), Uuid::from_u128(2)];
        Plan::of(contact, &Situation { kind, occurred_at: now, now, webhooks: &webhooks, push })
    }

    const ALL: &str = r#""IN_APP","EMAIL","WEBHOOK","PUSH""#;
    const NOON: &str = "2026-01-10T11:00:00Z";
    const NIGHT: &str = "2026-01-10T23:00:00Z";

    #[test]
    fn by_day_everything_goes_at_once_and_by_night_mail_and_push_wait() {
        let contact = contact(ALL, "NONE");
        let noon = NOON.parse().unwrap();
        let by_day = plan(&contact, Kind::OrderPlaced, NOON, Push::Available);
        assert_eq!((by_day.email, by_day.push_at), (Some(Mailing::Alone(noon)), Some(noon)));
        let morning = "2026-01-11T06:00:00Z".parse().unwrap();
        let by_night = plan(&contact, Kind::OrderPlaced, NIGHT, Push::Available);
        assert_eq!((by_night.email, by_night.push_at), (Some(Mailing::Alone(morning)), Some(morning)));
        assert_eq!((by_night.inbox, by_night.webhooks.len()), (true, 2));
    }

    #[test]
    fn only_ways_that_are_wanted_and_there_are_gone() {
        assert_eq!(plan(&contact("", "NONE"), Kind::OrderPlaced, NOON, Push::Available), Plan::default());
        // A category that the user has said nothing of.
        assert_eq!(plan(&contact(ALL, "NONE"), Kind::PaymentReceived, NOON, Push::Available), Plan::default());
        assert_eq!(plan(&contact(ALL, "NONE"), Kind::OrderPlaced, NOON, Push::Unavailable).push_at, None);
        let inbox = plan(&contact(r#""IN_APP""#, "DAILY"), Kind::OrderPlaced, NOON, Push::Available);
        assert_eq!(inbox, Plan::inbox_only());
    }

    #[test]
    fn a_digest_is_due_the_next_morning() {
        let digest = plan(&contact(ALL, "DAILY"), Kind::OrderPlaced, NIGHT, Push::Available);
        assert_eq!(digest.email, Some(Mailing::Digest("2026-01-11T07:00:00Z".parse().unwrap())));
    }

    #[test]
    fn old_news_stays_in_the_house() {
        let now: DateTime<Utc> = NOON.parse().unwrap();
        let situation = Situation {
            kind: Kind::OrderPlaced,
            occurred_at: now - STALE_AFTER,
            now,
            webhooks: &[],
            push: Push::Available,
        };
        assert!(Plan::of(&contact(ALL, "NONE"), &situation).email.is_some());
        let older = Situation { occurred_at: now - STALE_AFTER - TimeDelta::seconds(1), ..situation };
        assert_eq!(Plan::of(&contact(ALL, "NONE"), &older), Plan::inbox_only());
    }
}
