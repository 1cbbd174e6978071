-- The catalogue. Bounds stand here too, so that no way in can get past them.
CREATE TABLE products (
    id uuid PRIMARY KEY,
    sku text COLLATE "C" NOT NULL UNIQUE CHECK (sku ~ '^[A-Z0-9][A-Z0-9-]{2,31}$'),
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    -- The name in lower case, written by the store: sorting and prefix search must not
    -- depend on the locale that a database happened to be created with.
    name_folded text COLLATE "C" NOT NULL,
    description text NOT NULL CHECK (char_length(description) <= 5000),
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    category text COLLATE "C" NOT NULL CHECK (char_length(category) BETWEEN 1 AND 80),
    attributes jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'array'),
    weight_grams integer NOT NULL CHECK (weight_grams >= 0),
    stock integer NOT NULL CHECK (stock >= 0),
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

-- One index an order; each ends in the id, the tie-breaker of keyset paging.
CREATE INDEX products_by_name ON products (name_folded, id);
CREATE INDEX products_by_price ON products (currency, price_minor, id);
CREATE INDEX products_by_age ON products (created_at DESC, id DESC);
CREATE INDEX products_by_category ON products (category, name_folded, id);
