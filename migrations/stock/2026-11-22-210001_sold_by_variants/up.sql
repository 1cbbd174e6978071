-- How often an item was withdrawn or sold again: with its movements that numbers what is told of it.
ALTER TABLE stock_item ADD COLUMN turns bigint NOT NULL DEFAULT 0 CHECK (turns >= 0);
-- A product that has variants is sold by them alone: its own item is withdrawn, as stock does from now on when a product gets its first one.
UPDATE stock_item SET withdrawn_at = now(), turns = turns + 1
WHERE variant_id IS NULL AND withdrawn_at IS NULL AND EXISTS (
    SELECT FROM stock_item AS other
    WHERE other.product_id = stock_item.product_id AND other.variant_id IS NOT NULL AND other.withdrawn_at IS NULL);
