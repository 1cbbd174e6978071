//! Which clients get labels of their own in metrics: each is a time series, and clients choose their names freely.
//!
//! The busiest ones do. While there is room, whoever comes gets a label; then a client takes the label of the least
//! busy one once it has called clearly more often of late. Names that are made up anew for each request never come so
//! far, neither by being first nor by being many.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::client::Client;

/// Calls after which all counts are halved, so that only the last of them matter.
const CALLS_TO_HALVE: u64 = 10_000;
/// A challenger has to have called this much more often, lest two alike displace each other all the time.
const LEAD: u64 = 16;
/// Challengers counted at the same time; beyond that the least busy is forgotten. Looking for it is work done for each
/// made-up name, so there are not many.
const CHALLENGERS_MAX: usize = 256;

/// See the module.
#[derive(Debug)]
pub(crate) struct BoundedClients {
    max: usize,
    counts: Mutex<Counts>,
}

/// Recent calls by client.
#[derive(Debug, Default)]
struct Counts {
    labelled: HashMap<Client, u64>,
    challengers: HashMap<Client, u64>,
    calls: u64,
}

/// The label under which a call counts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Labelled {
    /// Its own words, with `unknown` for none; or `other` for both.
    pub client: Client,
    /// The label that another client had until now and has no more.
    pub displaced: Option<Client>,
}

impl BoundedClients {
    pub fn new(max: usize) -> Self {
        Self { max, counts: Mutex::default() }
    }

    /// Counts a call.
    pub fn label(&self, client: &Client) -> Labelled {
        if client.is_anonymous() {
            return Labelled { client: words(client), displaced: None };
        }
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.age();
        if let Some(calls) = counts.labelled.get_mut(client) {
            *calls += 1;
            return Labelled { client: words(client), displaced: None };
        }
        if counts.labelled.len() < self.max {
            counts.labelled.insert(client.clone(), 1);
            return Labelled { client: words(client), displaced: None };
        }
        match counts.challenge(client) {
            Some(displaced) => Labelled { client: words(client), displaced: Some(words(&displaced)) },
            None => Labelled { client: Client::other(), displaced: None },
        }
    }
}

impl Counts {
    fn age(&mut self) {
        self.calls += 1;
        if self.calls >= CALLS_TO_HALVE {
            self.calls = 0;
            self.labelled.values_mut().for_each(|calls| *calls /= 2);
            self.challengers.values_mut().for_each(|calls| *calls /= 2);
            self.challengers.retain(|_, calls| *calls > 0);
        }
    }

    /// Counts a call of a client without a label; gives the client whose label it takes over.
    fn challenge(&mut self, client: &Client) -> Option<Client> {
        if !self.challengers.contains_key(client) && self.challengers.len() >= CHALLENGERS_MAX {
            let weakest = weakest(&self.challengers)?.0.clone();
            self.challengers.remove(&weakest);
        }
        let calls = self.challengers.entry(client.clone()).or_insert(0);
        *calls += 1;
        let calls = *calls;
        if calls < LEAD {
            return None;
        }
        let (weakest, least) = weakest(&self.labelled)?;
        if calls < least.saturating_add(LEAD) {
            return None;
        }
        let weakest = weakest.clone();
        self.labelled.remove(&weakest);
        self.challengers.remove(client);
        self.labelled.insert(client.clone(), calls);
        Some(weakest)
    }
}

/// The one with the fewest calls; of several the first by name, so that the outcome doesn't depend on a map's order.
fn weakest(counts: &HashMap<Client, u64>) -> Option<(&Client, u64)> {
    let least = counts.iter().min_by(|(a, x), (b, y)| x.cmp(y).then_with(|| a.cmp(b)));
    least.map(|(client, calls)| (client, *calls))
}

fn words(client: &Client) -> Client {
    let word = |word: &str| if word.is_empty() { "unknown".to_owned() } else { word.to_owned() };
    Client { name: word(&client.name), version: word(&client.version) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(name: &str) -> Client {
        Client { name: name.to_owned(), version: "1".to_owned() }
    }

    #[test]
    fn labels_are_bounded() {
        let clients = BoundedClients::new(2);
        let label = |name: &str, version: &str| {
            let label = clients.label(&Client { name: name.to_owned(), version: version.to_owned() });
            format!("{} {}", label.client.name, label.client.version)
        };
        assert_eq!(label("a", "1"), "a 1");
        assert_eq!(label("a", ""), "a unknown");
        assert_eq!(label("a", "2"), "other other");
        assert_eq!(label("", ""), "unknown unknown");
        assert_eq!(label("a", "1"), "a 1");
    }

    #[test]
    fn a_busy_client_takes_the_label_of_one_that_came_first() {
        let clients = BoundedClients::new(2);
        let squatters = [client("squatter-1"), client("squatter-2")];
        squatters.iter().for_each(|squatter| drop(clients.label(squatter)));
        let busy = client("busy");
        let displaced: Vec<_> = (0..LEAD + 1).filter_map(|_| clients.label(&busy).displaced).collect();
        assert_eq!(displaced, [squatters[0].clone()]);
        assert_eq!(clients.label(&busy).client, busy);
    }

    #[test]
    fn made_up_names_displace_nobody_and_take_no_room() {
        let clients = BoundedClients::new(2);
        ["web", "mobile"].iter().for_each(|name| drop(clients.label(&client(name))));
        for n in 0..20_000 {
            let label = clients.label(&client(if n % 2 == 0 { "web" } else { "mobile" }));
            assert_ne!(label.client, Client::other());
            assert_eq!(clients.label(&client(&format!("made-up-{n}"))).client, Client::other());
        }
        let counts = clients.counts.lock().unwrap();
        assert!(counts.labelled.len() + counts.challengers.len() <= 2 + CHALLENGERS_MAX);
    }

    #[test]
    fn none_may_have_a_label() {
        let clients = BoundedClients::new(0);
        assert!((0..100).all(|_| clients.label(&client("a")).client == Client::other()));
    }
}
