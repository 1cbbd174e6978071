//! What seeded people and places are called. ASCII only, since emails are made
//! of the names.

/// A city and how its postal codes begin.
pub(super) struct City {
    pub name: &'static str,
    pub postal_prefix: &'static str,
    pub country: &'static str,
}

const fn city(name: &'static str, postal_prefix: &'static str, country: &'static str) -> City {
    City { name, postal_prefix, country }
}

pub(super) const CITIES: [City; 12] = [
    city("Amsterdam", "10", "NL"),
    city("Berlin", "10", "DE"),
    city("Copenhagen", "1", "DK"),
    city("Dublin", "D0", "IE"),
    city("Hamburg", "20", "DE"),
    city("Lisbon", "1", "PT"),
    city("Lyon", "69", "FR"),
    city("Madrid", "28", "ES"),
    city("Milan", "20", "IT"),
    city("Paris", "75", "FR"),
    city("Porto", "4", "PT"),
    city("Vienna", "1", "AT"),
];

pub(super) const STREETS: [&str; 12] = [
    "Station Road",
    "Church Street",
    "Mill Lane",
    "High Street",
    "Garden Street",
    "Park Avenue",
    "Harbour Street",
    "School Lane",
    "Market Square",
    "River Walk",
    "Castle Hill",
    "Linden Avenue",
];

pub(super) const GIVEN_NAMES: [&str; 40] = [
    "Alice", "Amir", "Anna", "Ben", "Bruno", "Chiara", "Chloe", "Daniel", "David", "Elena", "Emil", "Emma", "Fatima",
    "Felix", "Finn", "Freya", "Hannah", "Hugo", "Ines", "Ivan", "Jakob", "Jana", "Julia", "Kofi", "Lara", "Leo",
    "Lina", "Lucas", "Marta", "Maya", "Mina", "Noah", "Olivia", "Oscar", "Paula", "Rosa", "Samuel", "Sofia", "Tomas",
    "Yara",
];

pub(super) const FAMILY_NAMES: [&str; 40] = [
    "Almeida",
    "Andersen",
    "Bakker",
    "Bauer",
    "Becker",
    "Bernard",
    "Bianchi",
    "Byrne",
    "Costa",
    "Dubois",
    "Fernandes",
    "Fischer",
    "Garcia",
    "Gruber",
    "Hansen",
    "Hoffmann",
    "Huber",
    "Jansen",
    "Jensen",
    "Kelly",
    "Laurent",
    "Lopez",
    "Martin",
    "Meyer",
    "Moreau",
    "Murphy",
    "Nielsen",
    "Novak",
    "Oliveira",
    "Pereira",
    "Petersen",
    "Ricci",
    "Romano",
    "Rossi",
    "Ryan",
    "Santos",
    "Schmidt",
    "Visser",
    "Wagner",
    "Weber",
];
