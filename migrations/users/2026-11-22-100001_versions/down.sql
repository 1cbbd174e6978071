DROP TRIGGER addresses_version ON addresses;
DROP TRIGGER users_version ON users;
DROP FUNCTION version_count();
ALTER TABLE addresses DROP COLUMN version;
ALTER TABLE users DROP COLUMN version;
