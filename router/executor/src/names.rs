//! Looking names up among those that are asked for, so that members which nobody asked for cost little, however many
//! there are and however much is asked.

use graphql::json::unescape;

/// Some names, each once.
#[derive(Debug)]
pub struct Names<'n> {
    /// With their places, in the order of the names.
    sorted: Vec<(&'n str, usize)>,
}

impl<'n> Names<'n> {
    /// Of a list.
    pub fn new(names: impl Iterator<Item = &'n str>) -> Self {
        let mut sorted: Vec<(&str, usize)> = names.zip(0..).collect();
        sorted.sort_unstable();
        Self { sorted }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// The place in the list of a name that is quoted in JSON.
    pub fn place(&self, quoted: &[u8]) -> Option<usize> {
        let inner = quoted.get(1..quoted.len().checked_sub(1)?)?;
        if inner.contains(&b'\\') { self.search(unescape(quoted)?.as_bytes()) } else { self.search(inner) }
    }

    fn search(&self, name: &[u8]) -> Option<usize> {
        let found = self.sorted.binary_search_by(|(other, _)| other.as_bytes().cmp(name)).ok()?;
        self.sorted.get(found).map(|(_, place)| *place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_what_they_mean() {
        let many: Vec<String> = (0..50).map(|number| format!("a{number}")).collect();
        for count in [0, 1, 2, 50] {
            let names = Names::new(many.iter().take(count).map(String::as_str));
            for (place, name) in many.iter().enumerate() {
                let expected = Some(place).filter(|place| *place < count);
                assert_eq!(names.place(format!("\"{name}\"").as_bytes()), expected);
                assert_eq!(names.place(format!("\"\\u0061{}\"", &name[1..]).as_bytes()), expected);
            }
            for other in ["\"\"", "\"a\"", "\"A1\"", "\"\\ud800\"", "\"a0\\\\\""] {
                assert_eq!(names.place(other.as_bytes()), None);
            }
        }
    }
}
