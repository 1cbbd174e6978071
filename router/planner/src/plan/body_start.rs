//! How the body of a request begins: what is the same each time is escaped once a plan rather than once a call.

use graphql::json;

/// The start of a request's body, up to its variables: `{"operationName":…,"query":…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyStart {
    /// The bytes.
    pub text: Vec<u8>,
    /// How many of them, from the first, are the operation's kind and name. Queries that are equal from there ask the
    /// same, whatever they are called.
    pub named: usize,
}

impl BodyStart {
    /// Of a document whose first definition is the operation.
    pub fn new(document: &str, operation_name: Option<&str>) -> Self {
        let mut text = Vec::with_capacity(document.len() + document.len() / 8 + 32);
        text.push(b'{');
        if let Some(name) = operation_name {
            text.extend_from_slice(b"\"operationName\":");
            json::write_string(name, &mut text);
            text.push(b',');
        }
        text.extend_from_slice(b"\"query\":");
        // A quotation mark; up to there letters alone are written, each as it is.
        let named = text.len() + 1 + document.find(['(', '{', '@']).unwrap_or_default();
        json::write_string(document, &mut text);
        Self { text, named }
    }
}

#[cfg(test)]
mod tests {
    use super::BodyStart;

    #[test]
    fn what_follows_the_name_is_the_same_under_any_name() {
        for rest in ["{a}", "($a:Int){a(b:$a)}", " @c{a}", "($a:Int=1) @c(d:\"(\"){a}"] {
            let starts = [None, Some("A"), Some("B__c__0")].map(|name| {
                let space = if name.is_some() { " " } else { "" };
                BodyStart::new(&format!("query{space}{}{rest}", name.unwrap_or_default()), name)
            });
            let after = starts.each_ref().map(|start| String::from_utf8_lossy(&start.text[start.named..]).into_owned());
            assert_eq!(after[0], after[1]);
            assert_eq!(after[0], after[2]);
            assert!(after[0].starts_with(rest.trim_start().chars().next().unwrap()), "{after:?}");
        }
    }
}
