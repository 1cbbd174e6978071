-- Variants and content stand in the product's own row, as they do in a document: they are read and written with it.
ALTER TABLE products
    ADD COLUMN variants jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(variants) = 'array'),
    ADD COLUMN blocks jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(blocks) = 'array'),
    ADD COLUMN withdrawn_at timestamptz;

-- The SKUs of products and of their variants: no two are the same. A product's own comes by a trigger, so that builds which know no
-- variants keep to it too.
CREATE TABLE product_sku (
    sku text COLLATE "C" PRIMARY KEY CHECK (sku ~ '^[A-Z0-9][A-Z0-9-]{2,31}$'),
    product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
    variant_id uuid UNIQUE
);
CREATE INDEX product_sku_by_product ON product_sku (product_id);
INSERT INTO product_sku (sku, product_id) SELECT sku, id FROM products;

CREATE FUNCTION product_has_its_sku() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO product_sku (sku, product_id) VALUES (NEW.sku, NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER product_has_its_sku AFTER INSERT ON products FOR EACH ROW EXECUTE FUNCTION product_has_its_sku();

-- What products of a category say about themselves.
CREATE TABLE category (
    name text COLLATE "C" PRIMARY KEY CHECK (char_length(name) BETWEEN 1 AND 80),
    attributes jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'array'),
    is_closed boolean NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    updated_at timestamptz NOT NULL
);

CREATE TABLE page (
    id uuid PRIMARY KEY,
    slug text COLLATE "C" NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 80),
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    blocks jsonb NOT NULL CHECK (jsonb_typeof(blocks) = 'array'),
    status text COLLATE "C" NOT NULL CHECK (status IN ('draft', 'published', 'withdrawn')),
    version integer NOT NULL CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX page_by_status ON page (status, slug);
