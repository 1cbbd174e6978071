-- What two may edit at once is counted: who changes it says which version was read. The database counts, so that changes by
-- code that knows nothing of versions are counted too.
ALTER TABLE users ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE addresses ADD COLUMN version integer NOT NULL DEFAULT 1;

CREATE FUNCTION version_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;

-- Only what is edited together: blocking a user takes nobody's profile from under their hands.
CREATE TRIGGER users_version BEFORE UPDATE ON users FOR EACH ROW
    WHEN ((OLD.name, OLD.email, OLD.locale) IS DISTINCT FROM (NEW.name, NEW.email, NEW.locale))
    EXECUTE FUNCTION version_count();
CREATE TRIGGER addresses_version BEFORE UPDATE ON addresses FOR EACH ROW EXECUTE FUNCTION version_count();
