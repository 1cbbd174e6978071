DROP TABLE log_subscription;
DROP TABLE log_group;
DROP TABLE log_message;
DROP TABLE log_partition;
DROP TABLE log_topic;
