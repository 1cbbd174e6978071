DROP TABLE account_deletions;
DROP TRIGGER addresses_of_nobody ON addresses;
DROP FUNCTION addresses_refuse_erased();
ALTER TABLE users DROP CONSTRAINT users_erased_check;
ALTER TABLE users DROP COLUMN erased_at;
