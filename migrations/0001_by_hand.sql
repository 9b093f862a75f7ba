-- What drizzle cannot say of the schema (src/cloudflare/d1/schema.ts and README.md tell why).
-- EVSEs of a Location lie side by side in their order.
DROP TABLE `evses`;
--> statement-breakpoint
CREATE TABLE `evses` (
	`object` integer NOT NULL,
	`uid_key` text NOT NULL,
	`uid` text NOT NULL,
	`pos` integer NOT NULL,
	`body` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`object`, `pos`, `uid_key`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `evses_uid` ON `evses` (`object`,`uid_key`);
--> statement-breakpoint
-- The one row from which writes take their numbers.
INSERT INTO `counter` (`id`, `n`) VALUES (1, 0);
