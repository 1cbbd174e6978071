-- Items whose levels are to be told, since a migration changed them without a word: workers tell each as it is then, and take it from here
-- in the same transaction.
CREATE TABLE untold_level (
    item_id uuid PRIMARY KEY REFERENCES stock_item
);
-- What was withdrawn when products came to be sold by their variants: lists of what is on stock still have it. One that is known to be
-- withdrawn is told under the number that it has been told by, and passed over.
INSERT INTO untold_level (item_id)
SELECT id FROM stock_item
WHERE variant_id IS NULL AND withdrawn_at IS NOT NULL AND turns > 0 AND EXISTS (
    SELECT FROM stock_item AS other WHERE other.product_id = stock_item.product_id AND other.variant_id IS NOT NULL);
