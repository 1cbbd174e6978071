//! Who names another's port names the one that it listens on.

use super::deployment::{Deployment, Service, objects, texts};
use super::program::listens;

/// What the images of others listen on, by their documentation.
const OF_OTHERS: [(&str, &[u16]); 6] = [
    ("postgres", &[5432]),
    ("redis", &[6379]),
    ("mongo", &[27017]),
    ("versity/versitygw", &[7070]),
    ("apachepulsar/pulsar", &[6650, 8080]),
    ("axllent/mailpit", &[1025, 8025]),
];

/// A port of a service, and who names it.
struct Named {
    by: String,
    service: String,
    port: u16,
}

/// Every port that is named is listened on, and ours listen where others can reach them.
pub fn ports(deployment: &Deployment) -> Vec<String> {
    let mut findings = Vec::new();
    for service in deployment.ours().filter(|service| !service.is_step()) {
        let reached = listens(deployment, &service).is_some_and(|address| address.ip().is_unspecified());
        findings.extend((!reached).then(|| format!("{}: listens where nobody reaches it", service.name)));
    }
    for Named { by, service, port } in named(deployment) {
        let listening = deployment.services().find(|known| known.name == service).map(|it| open(deployment, &it));
        match listening {
            None => findings.push(format!("{by}: there is no service {service}")),
            Some(open) if !open.contains(&port) => findings.push(format!("{by}: {service} doesn't listen on {port}")),
            Some(_) => {}
        }
    }
    findings
}

/// Nothing is reached from outside the machine.
pub fn published(deployment: &Deployment) -> Vec<String> {
    let mut findings = Vec::new();
    for service in deployment.services() {
        for (_, port) in texts(&service.body["ports"]) {
            if !port.starts_with("127.0.0.1:") {
                findings.push(format!("{}: {port} is reached from outside", service.name));
            }
        }
    }
    findings
}

/// The subgraphs are those that the supergraph is composed of, each a service of its name.
pub fn subgraphs(deployment: &Deployment) -> Vec<String> {
    let names = |value: &serde_json::Value| {
        let mut names: Vec<String> = value.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    let mut subgraphs = deployment.supergraph["subgraphs"].clone();
    // The router's own one is asked nowhere.
    subgraphs.as_object_mut().expect("subgraphs").retain(|_, subgraph| subgraph["schema"]["nodes"].is_null());
    let composed = names(&subgraphs);
    let routed = &deployment.router["subgraphs"]["by_name"];
    let mut findings = Vec::new();
    if names(routed) != composed {
        findings.push(format!("router.yaml: the subgraphs aren't {composed:?}"));
    }
    for name in composed {
        let is_called = routed[&name]["url"].as_str().is_some_and(|url| url.starts_with(&format!("http://{name}:")));
        findings.extend((!is_called).then(|| format!("router.yaml: {name} isn't asked where it is")));
        let service = deployment.services().find(|service| service.name == name);
        let is_served = service.is_some_and(|service| service.command().starts_with(&["subgraph", &name]));
        findings.extend((!is_served).then(|| format!("{name}: isn't that subgraph")));
    }
    findings
}

fn open(deployment: &Deployment, service: &Service<'_>) -> Vec<u16> {
    let of_others = OF_OTHERS.into_iter().filter(|(image, _)| service.image().starts_with(&format!("{image}:")));
    let own = listens(deployment, service).into_iter().map(|address| address.port());
    of_others.flat_map(|(_, ports)| ports.iter().copied()).chain(own).collect()
}

fn named(deployment: &Deployment) -> Vec<Named> {
    let mut found = Vec::new();
    for (file, document) in [("services.yaml", &deployment.services_file), ("router.yaml", &deployment.router)] {
        found.extend(texts(document).into_iter().filter_map(|(key, text)| {
            let by = format!("{file}: {key}");
            // Whoever isn't in a container reaches what is published.
            in_url(&by, text, "").map(|named| if named.service.is_empty() { behind(deployment, named) } else { named })
        }));
        for object in objects(document) {
            let port = object.get("port").and_then(|port| port.as_u64()).and_then(|port| u16::try_from(port).ok());
            if let (Some(host), Some(port)) = (object.get("host").and_then(|host| host.as_str()), port) {
                found.push(Named { by: file.to_owned(), service: host.to_owned(), port });
            }
        }
    }
    for service in deployment.services() {
        let own = |port: &str| Named {
            by: service.name.to_owned(),
            service: service.name.to_owned(),
            // One that is none is listened on by nobody.
            port: port.parse().unwrap_or_default(),
        };
        found.extend(
            service.environment().filter_map(|(name, value)| in_url(&format!("{}: {name}", service.name), &value, "")),
        );
        let check = service.health_check();
        found.extend(check.iter().filter_map(|word| in_url(service.name, word, service.name)));
        let flag = check.iter().position(|word| matches!(*word, "--port" | "-p")).and_then(|at| check.get(at + 1));
        found.extend(flag.map(|port| own(port)));
        let published = texts(&service.body["ports"]).into_iter().filter_map(|(_, port)| port.rsplit(':').next());
        found.extend(published.map(own));
    }
    found
}

/// What a port of this machine leads to.
fn behind(deployment: &Deployment, outside: Named) -> Named {
    let host = format!("127.0.0.1:{}:", outside.port);
    let inside = deployment.services().find_map(|service| {
        let port = texts(&service.body["ports"]).into_iter().find_map(|(_, port)| port.strip_prefix(&host))?;
        Some((service.name.to_owned(), port.parse().unwrap_or_default()))
    });
    match inside {
        Some((service, port)) => Named { service, port, ..outside },
        None => Named { service: format!("behind {host}"), ..outside },
    }
}

/// The host and port of a URL that has both; `own` is who 127.0.0.1 is.
fn in_url(by: &str, text: &str, own: &str) -> Option<Named> {
    let (_, rest) = text.split_once("://")?;
    // Passwords are references, whose text may hold anything but an @.
    let rest = rest.rsplit('@').next()?;
    let (host, port) = rest.split('/').next()?.rsplit_once(':')?;
    let service = if host == "127.0.0.1" { own } else { host };
    Some(Named { by: by.to_owned(), service: service.to_owned(), port: port.parse().ok()? })
}
