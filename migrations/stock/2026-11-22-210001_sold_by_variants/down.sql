-- Older code withdraws a product's items together or not at all, so what it didn't withdraw is known by its variants.
UPDATE stock_item SET withdrawn_at = NULL
WHERE variant_id IS NULL AND withdrawn_at IS NOT NULL AND EXISTS (
    SELECT FROM stock_item AS other
    WHERE other.product_id = stock_item.product_id AND other.variant_id IS NOT NULL AND other.withdrawn_at IS NULL);
ALTER TABLE stock_item DROP COLUMN turns;
