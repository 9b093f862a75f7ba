CREATE TABLE `commands` (
	`id` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`direction` text NOT NULL,
	`partner` text NOT NULL,
	`reference` text NOT NULL,
	`token` text NOT NULL,
	`location` text NOT NULL,
	`evse` text NOT NULL,
	`reservation` text NOT NULL,
	`session` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `commands_partner` ON `commands` (`partner`,`direction`,`created_at`);--> statement-breakpoint
CREATE INDEX `commands_age` ON `commands` (`created_at`);