-- Lines of the read model say which variant was ordered. Its tables belong to the code that fills them, which makes them anew; until it
-- has, newer code reads these, and no order in them is of a variant.
ALTER TABLE IF EXISTS order_list.line ADD COLUMN IF NOT EXISTS variant_id uuid;
ALTER TABLE IF EXISTS order_list_next.line ADD COLUMN IF NOT EXISTS variant_id uuid;
