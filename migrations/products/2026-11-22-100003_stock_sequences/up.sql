-- Up to which of its movements each item's level is known, by item: what comes later and tells of an earlier one is passed over. Builds from
-- before write levels without it, as they did.
ALTER TABLE products
    ADD COLUMN stock_sequences jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(stock_sequences) = 'object');
