//! What is asked under which response key: fields that meet under one have to be the same, or of objects that are never
//! the same and then of one shape. (Field Selection Merging in the specification, here a bit stricter.)

/// The response keys from the root to a selection set.
#[derive(Clone, Debug, Default)]
pub struct Path {
    keys: Vec<String>,
}

impl Path {
    /// How many keys.
    pub fn depth(&self) -> usize {
        self.keys.len()
    }

    /// Goes below a key.
    pub fn enter(&mut self, key: &str) {
        self.keys.push(key.to_owned());
    }

    /// Goes up again.
    pub fn leave(&mut self) {
        self.keys.pop();
    }
}

/// A field as it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The object type that it is asked of; `None` for an abstract one.
    pub parent: Option<String>,
    /// Its name.
    pub field: String,
    /// Its arguments as text.
    pub arguments: String,
    /// Its type, without the name if that is composite.
    pub shape: String,
}

impl Asked {
    /// `__typename` of a type.
    pub fn typename(parent: &str) -> Self {
        let (field, shape) = ("__typename".to_owned(), "String!".to_owned());
        Self { parent: Some(parent.to_owned()), field, arguments: String::new(), shape }
    }

    fn goes_with(&self, other: &Self) -> bool {
        let is_same = self.field == other.field && self.arguments == other.arguments;
        let is_apart = self.parent.is_some() && other.parent.is_some() && self.parent != other.parent;
        self.shape == other.shape && (is_same || is_apart && self.field != "__typename" && other.field != "__typename")
    }
}

/// All that is asked so far, in order.
#[derive(Debug, Default)]
pub struct ResponseKeys {
    asked: Vec<(Vec<String>, Asked)>,
}

impl ResponseKeys {
    /// Puts a field under a key, unless it can't stand there.
    pub fn add(&mut self, path: &Path, key: &str, asked: &Asked) -> bool {
        let mut keys = path.keys.clone();
        keys.push(key.to_owned());
        let fits = self.fits(&keys, asked);
        if fits {
            self.asked.push((keys, asked.clone()));
        }
        fits
    }

    fn fits(&self, keys: &[String], asked: &Asked) -> bool {
        self.asked.iter().all(|(other_keys, other)| other_keys != keys || asked.goes_with(other))
    }

    /// How many fields are asked so far.
    pub fn mark(&self) -> usize {
        self.asked.len()
    }

    /// What was asked since a mark, from a path on.
    pub fn since(&self, mark: usize, path: &Path) -> Vec<(Vec<String>, Asked)> {
        let below = |(keys, asked): &(Vec<String>, Asked)| (keys[path.depth()..].to_vec(), asked.clone());
        self.asked[mark..].iter().map(below).collect()
    }

    /// Asks the same again from another path on, unless it can't stand there.
    pub fn again(&mut self, path: &Path, fields: &[(Vec<String>, Asked)]) -> bool {
        let moved: Vec<(Vec<String>, Asked)> =
            fields.iter().map(|(keys, asked)| ([path.keys.as_slice(), keys].concat(), asked.clone())).collect();
        let fits = moved.iter().all(|(keys, asked)| self.fits(keys, asked));
        if fits {
            self.asked.extend(moved);
        }
        fits
    }
}
