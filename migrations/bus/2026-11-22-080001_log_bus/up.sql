-- A message bus in tables: topics cut into partitions, each a log with positions from 1 and no gap.
CREATE TABLE log_topic (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text COLLATE "C" NOT NULL UNIQUE,
    partitions smallint NOT NULL CHECK (partitions BETWEEN 1 AND 1024)
);

-- The position of each partition's last message. Whoever publishes holds its row until the end of the transaction, so
-- that positions become visible in their order.
CREATE TABLE log_partition (
    topic_id integer NOT NULL REFERENCES log_topic,
    partition smallint NOT NULL,
    position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    PRIMARY KEY (topic_id, partition)
    -- Room on the page for the next versions of a row that changes with each batch.
) WITH (fillfactor = 20);

CREATE TABLE log_message (
    topic_id integer NOT NULL,
    partition smallint NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    key text COLLATE "C" NOT NULL CHECK (octet_length(key) <= 256),
    text text COLLATE "C" NOT NULL CHECK (octet_length(text) <= 262144),
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (topic_id, partition, position)
);

-- Groups of consumers. The number is small, since it is part of the advisory locks by which partitions are shared out.
CREATE TABLE log_group (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic_id integer NOT NULL REFERENCES log_topic,
    name text COLLATE "C" NOT NULL CHECK (octet_length(name) BETWEEN 1 AND 255),
    -- When one of its consumers was last there.
    seen_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (topic_id, name)
);

-- Up to which position a group has acknowledged all of a partition.
CREATE TABLE log_subscription (
    group_id smallint NOT NULL REFERENCES log_group ON DELETE CASCADE,
    partition smallint NOT NULL,
    acknowledged bigint NOT NULL DEFAULT 0 CHECK (acknowledged >= 0),
    PRIMARY KEY (group_id, partition)
) WITH (fillfactor = 20);
