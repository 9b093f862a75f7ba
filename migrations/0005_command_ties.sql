ALTER TABLE `commands` ADD `uid` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `commands` ADD `failed` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `commands_session` ON `commands` (`session`) WHERE session is not null;