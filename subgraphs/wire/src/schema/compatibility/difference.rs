//! What the check finds.

use std::fmt;

/// Something that makes a later form another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where in the data, `*` standing for any item: `/lines/*/quantity`.
    pub place: String,
    /// What it is.
    pub change: Change,
    /// Who can't read whom.
    pub breaks: Breaks,
}

/// Who can't read whom any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaks {
    /// Code that knows the first form can't read what is written by the later one.
    OldReaders,
    /// Code that knows the later form can't read what was written by the first one.
    NewReaders,
    /// Neither can read the other.
    Both,
}

/// How two forms differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A field is gone, or has another name.
    FieldRemoved(String),
    /// There is a new field that must be there.
    FieldAddedRequired(String),
    /// There is a new field, where the first form allows none that it doesn't know.
    FieldAddedToClosed(String),
    /// A field must be there that could be left out.
    FieldRequired(String),
    /// A field can be left out that had to be there.
    FieldOptional(String),
    /// It has other JSON types: those that it had, and those that it has.
    Type(String, String),
    /// It may have values that it couldn't.
    ValuesAdded(Vec<String>),
    /// It may not have values that it could.
    ValuesRemoved(Vec<String>),
    /// A bound, by its keyword, lets more through.
    BoundLoosened(String),
    /// A bound, by its keyword, lets less through.
    BoundTightened(String),
    /// There are more or fewer forms to choose from.
    Alternatives(usize, usize),
    /// Another keyword says something else, or only one form has it.
    Keyword(String),
    /// A reference leads nowhere, or in circles.
    Reference,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.place.is_empty() { "/" } else { &self.place };
        let readers = match self.breaks {
            Breaks::OldReaders => "older code can't read newer messages",
            Breaks::NewReaders => "newer code can't read older messages",
            Breaks::Both => "neither older nor newer code can read the other's messages",
        };
        write!(formatter, "{place}: {}: {readers}", self.change)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldRemoved(name) => write!(formatter, "the field {name} is gone"),
            Self::FieldAddedRequired(name) => write!(formatter, "the new field {name} is required"),
            Self::FieldAddedToClosed(name) => {
                write!(formatter, "the field {name} is new where no unknown ones are allowed")
            }
            Self::FieldRequired(name) => write!(formatter, "the field {name} is required now"),
            Self::FieldOptional(name) => write!(formatter, "the field {name} can be left out now"),
            Self::Type(first, later) => write!(formatter, "it was {first} and is {later}"),
            Self::ValuesAdded(values) => write!(formatter, "it can be {} now", values.join(", ")),
            Self::ValuesRemoved(values) => write!(formatter, "it can't be {} any more", values.join(", ")),
            Self::BoundLoosened(keyword) => write!(formatter, "{keyword} lets more through"),
            Self::BoundTightened(keyword) => write!(formatter, "{keyword} lets less through"),
            Self::Alternatives(first, later) => write!(formatter, "there were {first} forms and are {later}"),
            Self::Keyword(keyword) => write!(formatter, "{keyword} says something else"),
            Self::Reference => formatter.write_str("a reference can't be followed"),
        }
    }
}
