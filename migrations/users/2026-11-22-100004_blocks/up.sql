-- Since when a user may not order, and why.
ALTER TABLE users
    ADD COLUMN blocked_at timestamptz,
    ADD COLUMN block_reason text CHECK (char_length(block_reason) BETWEEN 1 AND 64),
    ADD CONSTRAINT users_block_check CHECK ((blocked_at IS NULL) = (block_reason IS NULL));
