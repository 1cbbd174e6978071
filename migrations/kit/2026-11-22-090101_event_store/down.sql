DROP TABLE snapshot;
DROP TABLE event;
DROP FUNCTION event_is_append_only();
DROP TABLE event_head;
