import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";

declare global {
  namespace Cloudflare {
    interface Env {
      /** What is in `migrations/`, read by test/vitest.config.ts; it exists in tests only. */
      TEST_MIGRATIONS: D1Migration[];
    }
  }
}

// Storage is fresh for every test file, so every file starts by creating the tables.
await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
