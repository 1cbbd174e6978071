//! Contexts for a random supergraph: the query root and some objects set one, and some entities read it.
//!
//! Since the query sets it, every query passes someone who does; mutations don't, so supergraphs with mutations are left
//! as they are.

use std::collections::BTreeMap;

use fastrand::Rng;

/// SDL by subgraph, with contexts in one of them; `None` if nothing there can have any.
pub fn with_contexts(sdls: &BTreeMap<String, String>, seed: u64) -> Option<BTreeMap<String, String>> {
    let mut rng = Rng::with_seed(seed);
    let mutates = |sdl: &String| sdl.contains("type Mutation ") || sdl.contains("type Changes ");
    if sdls.values().any(mutates) {
        return None;
    }
    let fit = |sdl: &&String| sdl.contains("/federation/v2.") && query(sdl).is_some();
    let names: Vec<&String> = sdls.iter().filter(|(_, sdl)| fit(sdl)).map(|(name, _)| name).collect();
    let name = rng.choice(names)?.clone();
    let mut sdls = sdls.clone();
    let sdl = added(sdls.get(&name)?, &mut rng)?;
    sdls.insert(name, sdl);
    Some(sdls)
}

/// The name of the query root, if the subgraph has one.
fn query(sdl: &str) -> Option<&'static str> {
    ["Query", "Questions"].into_iter().find(|name| sdl.contains(&format!("\ntype {name} {{")))
}

fn added(sdl: &str, rng: &mut Rng) -> Option<String> {
    let query = query(sdl)?;
    let mut setters = vec![(query.to_owned(), "locale".to_owned())];
    let texts = objects(sdl).filter(|(name, _, _)| *name != query).filter_map(|(name, _, fields)| {
        let text = fields.lines().find_map(|line| {
            let (field, rest) = line.trim().split_once(": ")?;
            let is_plain = matches!(rest.split(' ').next(), Some("String" | "String!")) && !rest.contains("@external");
            (is_plain && !field.contains('(')).then(|| field.to_owned())
        });
        Some((name.to_owned(), text?))
    });
    setters.extend(texts.filter(|_| rng.bool()));
    let selection: String = setters.iter().map(|(ty, field)| format!(" ... on {ty} {{ {field} }}")).collect();
    let readers: Vec<&str> = objects(sdl)
        .filter(|(_, head, _)| head.contains("@key(") && !head.contains("resolvable: false"))
        .map(|(name, _, _)| name)
        .filter(|_| rng.u8(..3) > 0)
        .collect();
    let (link, rest) = sdl.split_once('\n')?;
    let (before, version) = link.split_once("/federation/v2.")?;
    let (_, imports) = version.split_once('"')?;
    let imports = imports.replace("import: [", "import: [\"@context\", \"@fromContext\", ");
    let mut text = format!("{before}/federation/v2.9\"{imports}\n{rest}");
    for (ty, _) in &setters {
        text = edited(&text, ty, " @context(name: \"set\")", "")?;
    }
    text = edited(&text, query, "", "  locale: String\n")?;
    for reader in &readers {
        let field = format!("  read(own: Int = 1, by: String @fromContext(field: \"$set{selection}\")): String\n");
        text = edited(&text, reader, "", &field)?;
    }
    (!readers.is_empty()).then_some(text)
}

/// The object types of SDL as it is made up here: name, all that stands before the brace, and the fields.
fn objects(sdl: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    sdl.split("\ntype ").skip(1).filter_map(|text| {
        let (head, rest) = text.split_once(" {\n")?;
        let (fields, _) = rest.split_once("\n}")?;
        Some((head.split(' ').next()?, head, fields))
    })
}

/// A type with directives at its head and a field more.
fn edited(sdl: &str, ty: &str, directives: &str, field: &str) -> Option<String> {
    let at = sdl.find(&format!("\ntype {ty} "))?;
    let (before, from) = sdl.split_at(at);
    let (head, rest) = from.split_once(" {\n")?;
    Some(format!("{before}{head}{directives} {{\n{field}{rest}"))
}
