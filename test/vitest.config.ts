import { join } from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "..");

// The plugin reads wrangler.toml as wrangler does and would ask for the secrets that file requires.
process.env.MASTER_KEY ??= "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktMzJieXQ=";
process.env.OPERATOR_TOKEN ??= "test-operator-token";
// Else it tells before every run where it found them.
process.env.WRANGLER_LOG ??= "warn";

/**
 * Three layers of tests, one project each: `unit` (pure code, Node), `workers` (in workerd, with D1, Durable Objects and
 * Queues), `conformance` (a gateway as a black box, over HTTP). At most two files run at once: a test machine has two cores.
 */
export default defineConfig({
  root,
  test: {
    maxWorkers: 2,
    // Only against hanging for ever: a busy machine is slow, and no test measures time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["test/unit/**/*.test.ts", "test/*.test.ts"] },
      },
      {
        extends: true,
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: join(root, "wrangler.toml") },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations(join(root, "migrations")),
                MASTER_KEY: "dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktMzJieXQ=",
                OPERATOR_TOKEN: "test-operator-token",
                ALLOW_PRIVATE_NETWORK: "true",
              },
            },
          })),
        ],
        test: { name: "workers", include: ["test/workers/**/*.test.ts"], setupFiles: ["test/support/migrate.ts"] },
      },
      {
        extends: true,
        test: { name: "conformance", include: ["test/conformance/**/*.test.ts"] },
      },
    ],
  },
});
