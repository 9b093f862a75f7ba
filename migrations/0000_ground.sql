CREATE TABLE `counter` (
	`id` integer PRIMARY KEY NOT NULL,
	`n` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `counts` (
	`module` text NOT NULL,
	`country_code` text NOT NULL,
	`party_id` text NOT NULL,
	`recipient` text NOT NULL,
	`partner` text NOT NULL,
	`audience` text NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`module`, `country_code`, `party_id`, `recipient`, `partner`, `audience`)
);
--> statement-breakpoint
CREATE TABLE `credentials_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`partner` text NOT NULL,
	`kind` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`claimed_until` integer
);
--> statement-breakpoint
CREATE INDEX `credentials_tokens_partner` ON `credentials_tokens` (`partner`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`type` text NOT NULL,
	`time_ms` integer NOT NULL,
	`partner` text,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `evses` (
	`object` integer NOT NULL,
	`uid_key` text NOT NULL,
	`uid` text NOT NULL,
	`pos` integer NOT NULL,
	`body` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`object`, `pos`, `uid_key`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evses_uid` ON `evses` (`object`,`uid_key`);--> statement-breakpoint
CREATE TABLE `idempotency` (
	`key` text PRIMARY KEY NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `messages` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`time_ms` integer NOT NULL,
	`partner` text,
	`direction` text NOT NULL,
	`module` text,
	`method` text NOT NULL,
	`url` text NOT NULL,
	`http_status` integer,
	`ocpi_status` integer,
	`duration_ms` integer NOT NULL,
	`request_id` text,
	`correlation_id` text,
	`error` text,
	`losses` text NOT NULL,
	`findings` text NOT NULL,
	`request_body` text,
	`response_body` text
);
--> statement-breakpoint
CREATE INDEX `messages_partner` ON `messages` (`partner`,`id`);--> statement-breakpoint
CREATE INDEX `messages_correlation` ON `messages` (`correlation_id`);--> statement-breakpoint
CREATE INDEX `messages_time` ON `messages` (`time_ms`);--> statement-breakpoint
CREATE TABLE `objects` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`module` text NOT NULL,
	`country_code` text NOT NULL,
	`party_id` text NOT NULL,
	`id_key` text NOT NULL,
	`id` text NOT NULL,
	`alias` text,
	`recipient` text NOT NULL,
	`partner` text NOT NULL,
	`origin` text NOT NULL,
	`audience` text NOT NULL,
	`body` text NOT NULL,
	`last_updated` text NOT NULL,
	`updated_ms` integer NOT NULL,
	`received_ms` integer NOT NULL,
	`changed_ms` integer NOT NULL,
	`revision` integer NOT NULL,
	`deleted` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `objects_key` ON `objects` (`module`,`country_code`,`party_id`,`id_key`,`recipient`);--> statement-breakpoint
CREATE INDEX `objects_feed` ON `objects` (`module`,`revision`,`partner`);--> statement-breakpoint
CREATE INDEX `objects_creation` ON `objects` (`module`,`seq`,`partner`,`deleted`,`recipient`,`audience`,`country_code`,`party_id`);--> statement-breakpoint
CREATE INDEX `objects_partner` ON `objects` (`module`,`partner`,`seq`,`deleted`,`recipient`,`audience`,`country_code`,`party_id`);--> statement-breakpoint
CREATE INDEX `objects_updated` ON `objects` (`module`,`changed_ms`,`updated_ms`,`received_ms`,`partner`,`deleted`,`recipient`,`audience`,`country_code`,`party_id`);--> statement-breakpoint
CREATE INDEX `objects_alias` ON `objects` (`module`,`alias`) WHERE alias is not null;--> statement-breakpoint
CREATE TABLE `parties` (
	`country_code` text NOT NULL,
	`party_id` text NOT NULL,
	`roles` text NOT NULL,
	`business_details` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`country_code`, `party_id`)
);
--> statement-breakpoint
CREATE TABLE `partner_roles` (
	`role` text NOT NULL,
	`country_code` text NOT NULL,
	`party_id` text NOT NULL,
	`partner` text NOT NULL,
	PRIMARY KEY(`role`, `country_code`, `party_id`)
);
--> statement-breakpoint
CREATE INDEX `partner_roles_partner` ON `partner_roles` (`partner`);--> statement-breakpoint
CREATE TABLE `partners` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`side` text,
	`version` text,
	`versions_url` text,
	`roles` text NOT NULL,
	`endpoints` text NOT NULL,
	`token_encoding` text NOT NULL,
	`outbound_token` text,
	`allow` text NOT NULL,
	`settings` text NOT NULL,
	`epoch` integer NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer,
	`feed_start` integer
);
--> statement-breakpoint
CREATE TABLE `pulls` (
	`id` text PRIMARY KEY NOT NULL,
	`partner` text NOT NULL,
	`mode` text NOT NULL,
	`status` text NOT NULL,
	`modules` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`error` text
);
--> statement-breakpoint
CREATE INDEX `pulls_partner` ON `pulls` (`partner`,`started_at`);