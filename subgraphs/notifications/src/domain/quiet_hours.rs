//! Hours in which a user wants no telephone to ring: mail and push wait for their end. By the clock on the user's wall, so they
//! are an hour shorter or longer where it changes.

use chrono::{DateTime, Utc};
use jiff::civil::Time;

use super::Zone;

/// From one time of the day to another, perhaps over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    to: Time,
}

impl QuietHours {
    /// From and to by `HH:MM`. `None` for other texts, and if both are the same: no time is quiet then.
    #[must_use]
    pub fn parse(from: &str, to: &str) -> Option<Self> {
        let time = |text: &str| Time::strptime("%H:%M", text).ok();
        let hours = Self { from: time(from)?, to: time(to)? };
        (hours.from != hours.to).then_some(hours)
    }

    /// When they end, if they are now: always later than `now`.
    #[must_use]
    pub fn end(&self, now: DateTime<Utc>, zone: &Zone) -> Option<DateTime<Utc>> {
        let wall = zone.wall(now);
        let (date, time) = (wall.date(), wall.time());
        let ends_today = time < self.to;
        let is_quiet =
            if self.from < self.to { self.from <= time && ends_today } else { self.from <= time || ends_today };
        if !is_quiet {
            return None;
        }
        let day = if ends_today { date } else { date.tomorrow().ok()? };
        zone.next_at(now, day.to_datetime(self.to))
    }
}

/// The next time that the clock on the user's wall says `hour` o'clock.
#[must_use]
pub fn next_hour(now: DateTime<Utc>, zone: &Zone, hour: u8) -> DateTime<Utc> {
    let wall = zone.wall(now);
    let hour = i8::try_from(hour.min(23)).unwrap_or(0);
    let today = wall.date().at(hour, 0, 0, 0);
    let tomorrow = || wall.date().tomorrow().ok().map(|date| date.at(hour, 0, 0, 0));
    zone.next_at(now, today).or_else(|| zone.next_at(now, tomorrow()?)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn end(hours: (&str, &str), zone: &str, now: &str) -> Option<DateTime<Utc>> {
        QuietHours::parse(hours.0, hours.1).unwrap().end(at(now), &Zone::named(zone))
    }

    #[test]
    fn nights_end_in_the_morning_of_the_users_wall() {
        let night = ("22:00", "07:00");
        // Berlin is an hour ahead in winter, two in summer.
        assert_eq!(end(night, "Europe/Berlin", "2026-01-10T20:59:59Z"), None);
        assert_eq!(end(night, "Europe/Berlin", "2026-01-10T21:00:00Z"), Some(at("2026-01-11T06:00:00Z")));
        assert_eq!(end(night, "Europe/Berlin", "2026-01-11T05:59:59Z"), Some(at("2026-01-11T06:00:00Z")));
        assert_eq!(end(night, "Europe/Berlin", "2026-01-11T06:00:00Z"), None);
        assert_eq!(end(night, "Europe/Berlin", "2026-07-10T20:00:00Z"), Some(at("2026-07-11T05:00:00Z")));
        assert_eq!(end(night, "America/New_York", "2026-01-11T04:00:00Z"), Some(at("2026-01-11T12:00:00Z")));
    }

    #[test]
    fn the_night_in_which_the_clock_changes_is_shorter_or_longer() {
        let night = ("22:00", "07:00");
        // In the night to 29 March 2026 Berlin's clocks go from 2 to 3, in that to 25 October from 3 to 2.
        assert_eq!(end(night, "Europe/Berlin", "2026-03-28T21:00:00Z"), Some(at("2026-03-29T05:00:00Z")));
        assert_eq!(end(night, "Europe/Berlin", "2026-10-24T20:00:00Z"), Some(at("2026-10-25T06:00:00Z")));
    }

    #[test]
    fn an_end_that_the_clock_jumps_over_is_as_much_later() {
        assert_eq!(end(("22:00", "02:30"), "Europe/Berlin", "2026-03-29T00:30:00Z"), Some(at("2026-03-29T01:30:00Z")));
        // Hours that there are not on that day are never.
        for minute in 0..180 {
            let now = at("2026-03-29T00:00:00Z") + chrono::TimeDelta::minutes(minute);
            assert_eq!(QuietHours::parse("02:10", "02:50").unwrap().end(now, &Zone::named("Europe/Berlin")), None);
        }
    }

    #[test]
    fn an_end_that_comes_twice_ends_both() {
        let hours = ("22:00", "02:30");
        // 2:10 for the first time, 2:40 for the first time, 2:10 again.
        assert_eq!(end(hours, "Europe/Berlin", "2026-10-25T00:10:00Z"), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(end(hours, "Europe/Berlin", "2026-10-25T00:40:00Z"), None);
        assert_eq!(end(hours, "Europe/Berlin", "2026-10-25T01:10:00Z"), Some(at("2026-10-25T01:30:00Z")));
    }

    #[test]
    fn every_end_is_later_and_not_quiet() {
        for zone in
            ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "nowhere"]
        {
            let zone = Zone::named(zone);
            for (from, to) in [("22:00", "07:00"), ("00:00", "23:59"), ("13:00", "14:00"), ("23:30", "02:15")] {
                let hours = QuietHours::parse(from, to).unwrap();
                // Two and a half days around each change of 2026, a quarter of an hour apart.
                for start in
                    ["2026-03-07T00:00:00Z", "2026-03-28T00:00:00Z", "2026-10-03T00:00:00Z", "2026-10-31T00:00:00Z"]
                {
                    for step in 0..240 {
                        let now = at(start) + chrono::TimeDelta::minutes(15 * step);
                        if let Some(end) = hours.end(now, &zone) {
                            assert!(end > now, "{zone:?} {now}");
                            assert_eq!(hours.end(end, &zone), None, "{zone:?} {now} {end}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_time_makes_no_hours() {
        for (from, to) in [("22:00", "22:00"), ("24:00", "07:00"), ("x", "07:00"), ("22", "7"), ("", "")] {
            assert_eq!(QuietHours::parse(from, to), None, "{from} {to}");
        }
    }

    #[test]
    fn the_next_morning_is_today_or_tomorrow() {
        let berlin = Zone::named("Europe/Berlin");
        assert_eq!(next_hour(at("2026-01-10T06:59:59Z"), &berlin, 8), at("2026-01-10T07:00:00Z"));
        assert_eq!(next_hour(at("2026-01-10T07:00:00Z"), &berlin, 8), at("2026-01-11T07:00:00Z"));
        assert_eq!(next_hour(at("2026-03-28T20:00:00Z"), &berlin, 8), at("2026-03-29T06:00:00Z"));
    }
}
