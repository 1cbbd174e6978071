//! What any deployment should be: of the specification's form, pinned, bounded, watched.

use serde_json::Value;

use super::deployment::{Deployment, Service};

/// The specification's schema; its README says where it is from.
const SCHEMA: &str = include_str!("../../fixtures/compose/compose-spec.json");
/// Whose versions have two numbers.
const TWO_NUMBERS: [&str; 2] = ["postgres", "debian"];

/// `compose.yml` is what the specification says.
pub fn schema(deployment: &Deployment) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let validator = jsonschema::draft7::new(&schema).expect("a schema that needs nothing from elsewhere");
    let errors = validator.iter_errors(&deployment.compose);
    errors.map(|error| format!("schema: {}: {error}", error.instance_path())).collect()
}

/// Every image is one of a full version, ours that of this program, and it is built by the toolchain that we are.
pub fn images(deployment: &Deployment) -> Vec<String> {
    let mut findings = Vec::new();
    for service in deployment.services() {
        // With its default in the place of a variable.
        let image = match service.image().split_once("${") {
            Some((before, rest)) => {
                let default = rest.trim_end_matches('}').split_once(":-").map_or("", |(_, default)| default);
                format!("{before}{default}")
            }
            None => service.image().to_owned(),
        };
        if !is_pinned(&image) {
            findings.push(format!("{}: image {image} isn't pinned", service.name));
        }
        if let Some(version) = image.strip_prefix("supergraph:")
            && version != env!("CARGO_PKG_VERSION")
        {
            findings.push(format!("{}: image {image} isn't of this version", service.name));
        }
    }
    let (_, rest) = deployment.toolchain.split_once("channel = \"").expect("a channel");
    let (channel, _) = rest.split_once('"').expect("a channel");
    for line in deployment.dockerfile.lines() {
        let image = line.strip_prefix("FROM ").or_else(|| line.strip_prefix("# syntax="));
        let Some(image) = image.and_then(|rest| rest.split(' ').next()) else { continue };
        if !is_pinned(image) {
            findings.push(format!("Dockerfile: image {image} isn't pinned"));
        }
        if image.starts_with("rust:") && !image.starts_with(&format!("rust:{channel}-")) {
            findings.push(format!("Dockerfile: image {image} isn't of the toolchain {channel}"));
        }
    }
    if !deployment.dockerfile.contains(&format!("RUSTUP_TOOLCHAIN={channel}\n")) {
        findings.push(format!("Dockerfile: RUSTUP_TOOLCHAIN isn't {channel}"));
    }
    findings
}

/// The image's build is given every package of the workspace.
pub fn build_context(deployment: &Deployment) -> Vec<String> {
    let (_, rest) = deployment.manifest.split_once("members = [").expect("members");
    let (members, _) = rest.split_once(']').expect("members");
    let given: Vec<&str> = deployment.dockerignore.lines().filter_map(|line| line.strip_prefix('!')).collect();
    let is_given = |path: &str| given.iter().any(|given| path == *given || path.starts_with(&format!("{given}/")));
    let members = members.split('"').skip(1).step_by(2);
    let missing =
        members.chain(["src", "Cargo.lock", "migrations", "tests/integration"]).filter(|path| !is_given(path));
    missing.map(|path| format!(".dockerignore: {path} is left out")).collect()
}

/// Whatever runs has limits, and a check unless it ends by itself; whatever it refers to is there.
pub fn bounds(deployment: &Deployment) -> Vec<String> {
    let mut findings = Vec::new();
    for service in deployment.services() {
        let name = service.name;
        for limit in ["cpus", "memory"] {
            if !service.body["deploy"]["resources"]["limits"][limit].is_string() {
                findings.push(format!("{name}: no limit on {limit}"));
            }
        }
        if !service.is_step() && service.health_check().first() != Some(&"CMD") {
            findings.push(format!("{name}: no health check"));
        }
        for (other, condition) in service.body["depends_on"].as_object().into_iter().flatten() {
            let wanted = match deployment.services().find(|known| known.name == other).as_ref().map(Service::is_step) {
                Some(true) => "service_completed_successfully",
                Some(false) => "service_healthy",
                None => "nobody: there is none",
            };
            if condition["condition"] != wanted {
                findings.push(format!("{name}: {other} should be waited for by {wanted}"));
            }
        }
        for (source, _) in service.mounts() {
            if !source.starts_with("./") && deployment.compose["volumes"].get(source).is_none() {
                findings.push(format!("{name}: there is no volume {source}"));
            }
        }
    }
    findings
}

fn is_pinned(image: &str) -> bool {
    let Some((repository, tag)) = image.rsplit_once(':') else { return false };
    let version = tag.trim_start_matches('v').split('-').next().unwrap_or_default();
    let numbers = version.split('.').filter(|part| part.parse::<u32>().is_ok()).count();
    let wanted = if TWO_NUMBERS.contains(&repository) { 2 } else { 3 };
    numbers == version.split('.').count() && numbers == wanted
}
