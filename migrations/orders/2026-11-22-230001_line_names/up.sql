-- Lines of the read model say what was ordered by the name and SKU of then. Its tables belong to the code that fills them, which makes them
-- anew; until it has, newer code reads these, and their lines say nothing of it.
ALTER TABLE IF EXISTS order_list.line ADD COLUMN IF NOT EXISTS name text, ADD COLUMN IF NOT EXISTS sku text;
ALTER TABLE IF EXISTS order_list_next.line ADD COLUMN IF NOT EXISTS name text, ADD COLUMN IF NOT EXISTS sku text;
