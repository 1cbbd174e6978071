//! What our containers are told is what the program knows, by its own help.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::deployment::{Deployment, Service, texts};
use crate::support::process;

/// The commands that are asked for their help.
const COMMANDS: [&str; 6] = ["router", "subgraph", "worker", "seed", "keys", "health"];

/// The help of each command.
pub struct Program {
    help: BTreeMap<&'static str, String>,
}

impl Program {
    /// Asks it.
    pub async fn ask() -> Self {
        let mut help = BTreeMap::new();
        for command in COMMANDS {
            let finished = process::run(&["help", command]).await;
            assert_eq!(finished.code, 0, "{finished:?}");
            help.insert(command, finished.stdout);
        }
        Self { help }
    }

    /// What is wrong about a command line.
    fn findings(&self, who: &str, words: &[&str]) -> Vec<String> {
        let Some((command, arguments)) = words.split_first() else {
            return vec![format!("{who}: there is no command")];
        };
        let Some(help) = self.help.get(command) else { return vec![format!("{who}: there is no command {command}")] };
        let mut findings = Vec::new();
        let mut is_value = false;
        for argument in arguments {
            let known = if argument.starts_with("--") {
                is_value = help.contains(&format!("{argument} <"));
                is_value || help.contains(&format!("{argument}\n"))
            } else if std::mem::take(&mut is_value) || argument.contains("://") {
                true
            } else {
                // One of the values that its help lists, or by default one.
                let value = argument.trim_end_matches('}').rsplit(":-").next().unwrap_or_default();
                help.contains(&format!("- {value}:"))
            };
            if !known {
                findings.push(format!("{who}: {command} knows no {argument}"));
            }
        }
        findings
    }
}

/// Every command line is one.
pub fn command_lines(deployment: &Deployment, program: &Program) -> Vec<String> {
    let mut findings = Vec::new();
    for service in deployment.ours() {
        let in_script: Vec<Vec<&str>>;
        let lines = if service.body["entrypoint"].is_null() {
            vec![service.command()]
        } else {
            let script = deployment.share_keys.lines().filter_map(|line| line.strip_prefix("supergraph "));
            in_script = script.map(|line| line.split(' ').filter(|word| *word != "\"$@\"").collect()).collect();
            in_script
        };
        if lines.is_empty() {
            findings.push(format!("{}: runs nothing of the program's", service.name));
        }
        findings.extend(lines.iter().flat_map(|words| program.findings(service.name, words)));
        if let ["CMD", own, words @ ..] = service.health_check().as_slice() {
            let is_own = *own == "supergraph";
            findings.extend((!is_own).then(|| format!("{}: {own} isn't in its image", service.name)));
            findings.extend(program.findings(service.name, words));
        }
    }
    findings
}

/// Every variable is one that the program reads, or that the services' file names; and those that it names are set.
pub fn variables(deployment: &Deployment, program: &Program) -> Vec<String> {
    let named: Vec<&str> = texts(&deployment.services_file)
        .into_iter()
        .flat_map(|(_, text)| text.split("${env.").skip(1))
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect();
    let mut findings = Vec::new();
    for service in deployment.ours() {
        let help = service.command().first().and_then(|command| program.help.get(command));
        let reads = |name: &str| {
            help.is_some_and(|help| ["", "="].iter().any(|end| help.contains(&format!("[env: {name}{end}]"))))
        };
        let set: BTreeMap<&str, String> = service.environment().collect();
        let mounted = service.services_file();
        for name in set.keys() {
            let is_known = reads(name) || (mounted.is_some() && named.contains(name));
            if !is_known {
                findings.push(format!("{}: nobody reads {name}", service.name));
            }
        }
        let Some(mounted) = mounted else { continue };
        if set.get("SUPERGRAPH_SERVICES").map(String::as_str) != Some(mounted) {
            findings.push(format!("{}: SUPERGRAPH_SERVICES isn't {mounted}", service.name));
        }
        let missing = named.iter().filter(|name| !set.contains_key(*name));
        findings.extend(missing.map(|name| format!("{}: services.yaml wants {name}", service.name)));
    }
    findings
}

/// Every key file lies in a volume that its reader mounts, and is put there.
pub fn key_files(deployment: &Deployment) -> Vec<String> {
    let mut findings = Vec::new();
    for service in deployment.ours().filter(|service| service.body["entrypoint"].is_null()) {
        let environment: Vec<String> = service.environment().map(|(_, value)| value).collect();
        let mut named: Vec<&str> = environment.iter().map(String::as_str).collect();
        if service.command().first() == Some(&"router") {
            named.extend(texts(&deployment.router).into_iter().map(|(_, text)| text));
        }
        for path in named.into_iter().flat_map(|text| text.split([',', '='])).filter(|path| path.starts_with("/keys/"))
        {
            let (folder, file) = path.rsplit_once('/').unwrap_or_default();
            if !service.mounts().iter().any(|(_, target)| *target == folder) {
                findings.push(format!("{}: {folder} isn't mounted", service.name));
            }
            let is_public = file.ends_with(".public.pem");
            let puts = |line: &&str| line.starts_with("cp ") && line.ends_with(&format!(" {folder}/"));
            let name = if is_public { "./*.public.pem" } else { file };
            if !deployment.share_keys.lines().filter(puts).any(|line| line.split(' ').any(|word| word == name)) {
                findings.push(format!("{}: nobody puts {path} there", service.name));
            }
        }
    }
    findings
}

/// Where one of ours listens, by its command line or the router's configuration.
pub fn listens(deployment: &Deployment, service: &Service<'_>) -> Option<SocketAddr> {
    let command = service.command();
    let flag = command.iter().position(|word| *word == "--listen").and_then(|at| command.get(at + 1).copied());
    let own = (command.first() == Some(&"router")).then(|| deployment.router["server"]["listen"].as_str()).flatten();
    flag.or(own).and_then(|address| address.parse().ok())
}
