//! The vocabulary of the demonstration catalogue.

/// A kind of thing that the shop sells.
pub(super) struct Kind {
    /// Its name.
    pub noun: &'static str,
    /// Lightest and heaviest piece in grams.
    pub grams: (i32, i32),
    /// What it can be made of.
    pub materials: &'static [&'static str],
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
}

const fn kind(
    noun: &'static str,
    grams: (i32, i32),
    materials: &'static [&'static str],
    purpose: &'static str,
) -> Kind {
    Kind { noun, grams, materials, purpose }
}

pub(super) const SHELVES: &[Shelf] = &[
    Shelf {
        category: "Kitchen",
        sku_prefix: "KIT",
        kinds: &[
            kind(
                "Teapot",
                (600, 1_400),
                &["Cast Iron", "Stoneware", "Porcelain"],
                "slow afternoons and up to six cups",
            ),
            kind(
                "Frying Pan",
                (900, 2_600),
                &["Cast Iron", "Stainless Steel", "Copper"],
                "searing on every hob, induction included",
            ),
            kind(
                "Chef's Knife",
                (160, 280),
                &["Damascus Steel", "Carbon Steel", "Ceramic"],
                "chopping, slicing and mincing all day",
            ),
            kind(
                "Mixing Bowl",
                (300, 1_100),
                &["Stoneware", "Stainless Steel", "Glass"],
                "kneading bread without a spill",
            ),
            kind("Pepper Mill", (200, 450), &["Olive Wood", "Walnut", "Brass"], "grinding from fine to coarse"),
        ],
    },
    Shelf {
        category: "Office",
        sku_prefix: "OFF",
        kinds: &[
            kind(
                "Notebook",
                (180, 420),
                &["Linen", "Recycled Leather", "Cork"],
                "notes that are still legible in ten years",
            ),
            kind("Desk Lamp", (800, 1_900), &["Brass", "Brushed Aluminium", "Oak"], "reading late without glare"),
            kind("Fountain Pen", (20, 45), &["Brass", "Resin", "Titanium"], "letters worth keeping"),
            kind(
                "Document Tray",
                (350, 900),
                &["Walnut", "Felt", "Brushed Aluminium"],
                "taming the pile on the left of the desk",
            ),
            kind("Desk Clock", (250, 700), &["Walnut", "Brass", "Concrete"], "keeping meetings short"),
        ],
    },
    Shelf {
        category: "Garden",
        sku_prefix: "GAR",
        kinds: &[
            kind("Watering Can", (700, 1_800), &["Galvanised Steel", "Zinc", "Copper"], "beds and balcony boxes alike"),
            kind("Pruning Shears", (210, 340), &["Forged Steel", "Carbon Steel"], "clean cuts up to two centimetres"),
            kind(
                "Planter",
                (900, 6_500),
                &["Terracotta", "Galvanised Steel", "Larch"],
                "herbs, roses or a small olive tree",
            ),
            kind("Hand Trowel", (180, 320), &["Forged Steel", "Stainless Steel"], "heavy soil and small roots"),
            kind(
                "Bird Feeder",
                (400, 1_300),
                &["Ash Wood", "Copper", "Slate"],
                "watching tits and robins from the window",
            ),
        ],
    },
    Shelf {
        category: "Outdoor",
        sku_prefix: "OUT",
        kinds: &[
            kind(
                "Backpack",
                (700, 1_600),
                &["Ripstop Nylon", "Waxed Canvas", "Recycled Polyester"],
                "two days in the hills",
            ),
            kind(
                "Sleeping Bag",
                (800, 1_900),
                &["Goose Down", "Ripstop Nylon", "Merino"],
                "nights down to the freezing point",
            ),
            kind(
                "Water Bottle",
                (150, 420),
                &["Titanium", "Stainless Steel", "Anodised Aluminium"],
                "keeping cold drinks cold for a day",
            ),
            kind("Headlamp", (60, 140), &["Anodised Aluminium", "Titanium"], "finding the hut after dusk"),
            kind(
                "Camping Stove",
                (90, 520),
                &["Titanium", "Brass", "Anodised Aluminium"],
                "a litre of boiling water in four minutes",
            ),
        ],
    },
    Shelf {
        category: "Home",
        sku_prefix: "HOM",
        kinds: &[
            kind("Blanket", (900, 2_200), &["Lambswool", "Merino", "Linen"], "sofas, picnics and cold guest rooms"),
            kind("Floor Lamp", (3_000, 7_500), &["Oak", "Brass", "Blackened Steel"], "a warm corner to read in"),
            kind("Picture Frame", (300, 1_500), &["Oak", "Walnut", "Brass"], "prints and photographs up to A3"),
            kind(
                "Vase",
                (400, 2_400),
                &["Hand-Blown Glass", "Stoneware", "Porcelain"],
                "a whole bunch or a single stem",
            ),
            kind("Storage Basket", (350, 1_200), &["Willow", "Felt", "Seagrass"], "logs, toys and laundry"),
        ],
    },
    Shelf {
        category: "Music",
        sku_prefix: "MUS",
        kinds: &[
            kind(
                "Headphones",
                (180, 340),
                &["Walnut", "Anodised Aluminium", "Vegan Leather"],
                "long sessions in noisy rooms",
            ),
            kind(
                "Turntable",
                (3_500, 8_000),
                &["Walnut", "Acrylic", "Bamboo"],
                "both speeds and grandfather's records",
            ),
            kind("Ukulele", (350, 700), &["Mahogany", "Koa", "Spruce"], "first chords within an evening"),
            kind("Metronome", (250, 600), &["Cherry Wood", "Maple", "Walnut"], "practising until it sits"),
            kind(
                "Guitar Stand",
                (500, 1_400),
                &["Bamboo", "Ash Wood", "Blackened Steel"],
                "instruments that want to be picked up",
            ),
        ],
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
