-- The span in which a job was wanted, as W3C Trace Context writes it.
ALTER TABLE job ADD COLUMN traceparent text COLLATE "C" CHECK (octet_length(traceparent) <= 256);
