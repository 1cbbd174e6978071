DROP TABLE saga_input;
DROP TABLE saga;
