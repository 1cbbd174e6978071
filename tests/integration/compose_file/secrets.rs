//! No secret stands in a file, and none has a default.

use serde_json::Value;

use super::deployment::{Deployment, texts};

/// Names of secrets end in one of these, in any case of letters.
const SECRET_NAMES: [&str; 6] = ["password", "auth", "secret", "token", "secret_key", "access_key"];

/// Every variable has to be set, or has a default that is no secret; the example names those that have to be.
pub fn variables(deployment: &Deployment) -> Vec<String> {
    let mut findings = Vec::new();
    let mut wanted = Vec::new();
    for (key, text) in texts(&deployment.compose) {
        let text = text.replace("$$", "");
        let mut parts = text.split('$');
        parts.next();
        for part in parts {
            let Some((reference, _)) = part.strip_prefix('{').and_then(|part| part.split_once('}')) else {
                findings.push(format!("{key}: ${part} stands without braces"));
                continue;
            };
            match (reference.split_once(":?"), reference.split_once(":-")) {
                (Some((name, says)), _) if !says.is_empty() => wanted.push(name.to_owned()),
                (_, Some((name, default))) if !is_secret(name) && !default.is_empty() => {}
                _ => findings.push(format!("{key}: ${{{reference}}} may be left out")),
            }
        }
    }
    wanted.sort();
    wanted.dedup();
    let mut told: Vec<_> = deployment.env_example.lines().filter_map(|line| line.strip_suffix('=')).collect();
    told.sort_unstable();
    if told != wanted {
        findings.push(format!("env.example names {told:?}; compose.yml wants {wanted:?}"));
    }
    findings
}

/// What is a secret by its name, or stands in a URL as a password, is a reference.
pub fn plain_text(deployment: &Deployment) -> Vec<String> {
    let files: [(&str, &Value); 3] = [
        ("compose.yml", &deployment.compose),
        ("services.yaml", &deployment.services_file),
        ("router.yaml", &deployment.router),
    ];
    let mut findings = Vec::new();
    for (file, document) in files {
        for (key, text) in texts(document) {
            let is_plain = (is_secret(key) && !text.starts_with("${"))
                || passwords(text).iter().any(|password| !password.starts_with("${"));
            if is_plain {
                findings.push(format!("{file}: {key} holds a secret in plain text"));
            }
        }
    }
    findings
}

/// The passwords of the URLs in a text.
fn passwords(text: &str) -> Vec<&str> {
    let authorities = text.split("://").skip(1).map(|rest| rest.split('/').next().unwrap_or_default());
    let accounts = authorities.filter_map(|authority| authority.rsplit_once('@'));
    accounts.filter_map(|(account, _)| account.split_once(':')).map(|(_, password)| password).collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|end| name.ends_with(end))
}
