-- Gateways of dynamic routing.
CREATE TABLE `dr_gateways` (
  `gwid` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  `type` INT(11) UNSIGNED DEFAULT 0 NOT NULL,
  `address` VARCHAR(128) NOT NULL,
  `strip` INT(11) UNSIGNED DEFAULT 0 NOT NULL,
  `pri_prefix` VARCHAR(64) DEFAULT NULL,
  `attrs` VARCHAR(255) DEFAULT NULL,
  `description` VARCHAR(128) DEFAULT '' NOT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('dr_gateways', 3);

-- Which prefix goes to which gateways, at which times, for which group.
CREATE TABLE `dr_rules` (
  `ruleid` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  `groupid` VARCHAR(255) NOT NULL,
  `prefix` VARCHAR(64) NOT NULL,
  `timerec` VARCHAR(255) NOT NULL,
  `priority` INT DEFAULT 0 NOT NULL,
  `routeid` VARCHAR(64) NOT NULL,
  `gwlist` VARCHAR(255) NOT NULL,
  `description` VARCHAR(128) DEFAULT '' NOT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('dr_rules', 3);

-- Lists of gateways that rules share.
CREATE TABLE `dr_gw_lists` (
  `id` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  `gwlist` VARCHAR(255) NOT NULL,
  `description` VARCHAR(128) DEFAULT '' NOT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('dr_gw_lists', 1);

-- The routing group of a user.
CREATE TABLE `dr_groups` (
  `id` INT(10) UNSIGNED AUTO_INCREMENT PRIMARY KEY NOT NULL,
  `username` VARCHAR(64) NOT NULL,
  `domain` VARCHAR(128) DEFAULT '' NOT NULL,
  `groupid` INT(11) UNSIGNED DEFAULT 0 NOT NULL,
  `description` VARCHAR(128) DEFAULT '' NOT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('dr_groups', 2);
