DROP TABLE untold_level;
