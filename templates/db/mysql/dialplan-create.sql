-- Rules that translate numbers.
CREATE TABLE `dialplan` (
  `id` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  `dpid` INT NOT NULL,
  `pr` INT NOT NULL,
  `match_op` INT NOT NULL,
  `match_exp` VARCHAR(64) NOT NULL,
  `match_len` INT NOT NULL,
  `subst_exp` VARCHAR(64) NOT NULL,
  `repl_exp` VARCHAR(256) NOT NULL,
  `attrs` VARCHAR(64) NOT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('dialplan', 2);
