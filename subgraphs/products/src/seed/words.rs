//! The vocabulary of the demonstration catalogue.

/// A kind of thing that the shop sells.
pub(super) struct Kind {
    /// Its name.
    pub noun: &'static str,
    /// Lightest and heaviest piece in grams.
    pub grams: (i32, i32),
    /// What it is good for; ends a sentence.
    pub purpose: &'static str,
}

/// A shelf of the shop.
pub(super) struct Shelf {
    /// The category.
    pub category: &'static str,
    /// The letters in front of its SKUs.
    pub sku_prefix: &'static str,
    /// What stands on it.
    pub kinds: &'static [Kind],
    /// What things on it are made of.
    pub materials: &'static [&'static str],
}

const fn kind(noun: &'static str, grams: (i32, i32), purpose: &'static str) -> Kind {
    Kind { noun, grams, purpose }
}

pub(super) const SHELVES: &[Shelf] = &[
    Shelf {
        category: "Kitchen",
        sku_prefix: "KIT",
        kinds: &[
            kind("Teapot", (600, 1_400), "slow afternoons and up to six cups"),
            kind("Frying Pan", (900, 2_600), "searing on every hob, induction included"),
            kind("Chef's Knife", (160, 280), "chopping, slicing and mincing all day"),
            kind("Mixing Bowl", (300, 1_100), "kneading bread without a spill"),
            kind("Pepper Mill", (200, 450), "grinding from fine to coarse"),
        ],
        materials: &["Cast Iron", "Stoneware", "Olive Wood", "Stainless Steel", "Copper"],
    },
    Shelf {
        category: "Office",
        sku_prefix: "OFF",
        kinds: &[
            kind("Notebook", (180, 420), "notes that are still legible in ten years"),
            kind("Desk Lamp", (800, 1_900), "reading late without glare"),
            kind("Fountain Pen", (20, 45), "letters worth keeping"),
            kind("Document Tray", (350, 900), "taming the pile on the left of the desk"),
            kind("Desk Clock", (250, 700), "keeping meetings short"),
        ],
        materials: &["Walnut", "Brushed Aluminium", "Recycled Leather", "Cork", "Brass"],
    },
    Shelf {
        category: "Garden",
        sku_prefix: "GAR",
        kinds: &[
            kind("Watering Can", (700, 1_800), "beds and balcony boxes alike"),
            kind("Pruning Shears", (210, 340), "clean cuts up to two centimetres"),
            kind("Planter", (900, 6_500), "herbs, roses or a small olive tree"),
            kind("Hand Trowel", (180, 320), "heavy soil and small roots"),
            kind("Bird Feeder", (400, 1_300), "watching tits and robins from the window"),
        ],
        materials: &["Galvanised Steel", "Terracotta", "Ash Wood", "Zinc", "Forged Steel"],
    },
    Shelf {
        category: "Outdoor",
        sku_prefix: "OUT",
        kinds: &[
            kind("Backpack", (700, 1_600), "two days in the hills"),
            kind("Sleeping Bag", (800, 1_900), "nights down to the freezing point"),
            kind("Water Bottle", (150, 420), "keeping cold drinks cold for a day"),
            kind("Headlamp", (60, 140), "finding the hut after dusk"),
            kind("Camping Stove", (90, 520), "a litre of boiling water in four minutes"),
        ],
        materials: &["Ripstop Nylon", "Waxed Canvas", "Titanium", "Merino", "Anodised Aluminium"],
    },
    Shelf {
        category: "Home",
        sku_prefix: "HOM",
        kinds: &[
            kind("Wool Blanket", (900, 2_200), "sofas, picnics and cold guest rooms"),
            kind("Floor Lamp", (3_000, 7_500), "a warm corner to read in"),
            kind("Picture Frame", (300, 1_500), "prints and photographs up to A3"),
            kind("Vase", (400, 2_400), "a whole bunch or a single stem"),
            kind("Storage Basket", (350, 1_200), "logs, toys and laundry"),
        ],
        materials: &["Lambswool", "Oak", "Hand-Blown Glass", "Linen", "Willow"],
    },
    Shelf {
        category: "Music",
        sku_prefix: "MUS",
        kinds: &[
            kind("Headphones", (180, 340), "long sessions in noisy rooms"),
            kind("Turntable", (3_500, 8_000), "both speeds and grandfather's records"),
            kind("Ukulele", (350, 700), "first chords within an evening"),
            kind("Metronome", (250, 600), "practising until it sits"),
            kind("Guitar Stand", (500, 1_400), "instruments that want to be picked up"),
        ],
        materials: &["Mahogany", "Maple", "Spruce", "Vegan Leather", "Bamboo"],
    },
];

pub(super) const MANNERS: &[&str] =
    &["Classic", "Compact", "Everyday", "Heirloom", "Minimal", "Nordic", "Rustic", "Studio", "Traveller's", "Workshop"];

pub(super) const COLOURS: &[&str] =
    &["anthracite", "bottle green", "chalk white", "indigo", "mustard", "natural", "oxblood", "sand"];

pub(super) const COUNTRIES: &[&str] = &["Austria", "Denmark", "Germany", "Italy", "Japan", "Portugal", "Sweden"];

pub(super) const CARE: &[&str] = &[
    "Wipe clean with a damp cloth.",
    "Repairable: every part can be ordered one by one.",
    "Gets better with the years.",
    "Packed without plastic.",
    "Comes with a ten-year guarantee.",
];
