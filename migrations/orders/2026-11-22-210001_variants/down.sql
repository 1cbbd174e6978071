-- The read model is as the older code makes it, which goes on with it; the newer one makes it anew.
ALTER TABLE IF EXISTS order_list.line DROP COLUMN IF EXISTS variant_id;
ALTER TABLE IF EXISTS order_list_next.line DROP COLUMN IF EXISTS variant_id;
UPDATE projection SET version = 1 WHERE name = 'order_list' AND version = 2;
