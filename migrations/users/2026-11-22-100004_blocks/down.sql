ALTER TABLE users DROP CONSTRAINT users_block_check, DROP COLUMN block_reason, DROP COLUMN blocked_at;
