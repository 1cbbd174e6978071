-- Stock has a service of its own. What the catalogue needs of it, to list what can be bought, is which of a product's items (itself, or
-- its variants) are on stock, as that service's events tell. `stock` stays for builds from before, which read and write it beside
-- newer ones; it means nothing any more, and goes once none of them runs.
ALTER TABLE products ALTER COLUMN stock SET DEFAULT 0;
ALTER TABLE products ADD COLUMN in_stock_items uuid[] NOT NULL DEFAULT '{}';
UPDATE products SET in_stock_items = ARRAY[id] WHERE stock > 0;
