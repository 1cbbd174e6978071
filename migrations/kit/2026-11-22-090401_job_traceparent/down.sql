ALTER TABLE job DROP COLUMN traceparent;
