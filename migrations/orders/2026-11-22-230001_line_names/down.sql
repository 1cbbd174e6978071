-- The read model is as the older code makes it, which goes on with it; the newer one makes it anew.
ALTER TABLE IF EXISTS order_list.line DROP COLUMN IF EXISTS name, DROP COLUMN IF EXISTS sku;
ALTER TABLE IF EXISTS order_list_next.line DROP COLUMN IF EXISTS name, DROP COLUMN IF EXISTS sku;
UPDATE projection SET version = 2 WHERE name = 'order_list' AND version = 3;
