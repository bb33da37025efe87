-- Rooms for instant messages.
CREATE TABLE `imc_rooms` (
  `id` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  `name` VARCHAR(64) NOT NULL,
  `domain` VARCHAR(64) NOT NULL,
  `flag` INT NOT NULL,
  CONSTRAINT name_domain_idx UNIQUE (`name`, `domain`)
);
INSERT INTO version (table_name, table_version) VALUES ('imc_rooms', 1);

-- Who is in a room for instant messages.
CREATE TABLE `imc_members` (
  `id` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  `username` VARCHAR(64) NOT NULL,
  `domain` VARCHAR(64) NOT NULL,
  `room` VARCHAR(64) NOT NULL,
  `flag` INT NOT NULL,
  CONSTRAINT account_room_idx UNIQUE (`username`, `domain`, `room`)
);
INSERT INTO version (table_name, table_version) VALUES ('imc_members', 1);
