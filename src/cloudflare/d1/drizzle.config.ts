import { defineConfig } from "drizzle-kit";

/** Writes the next migration from the schema: `npm run db:generate -- --name <what_changes>`, run at the top level. */
export default defineConfig({
  dialect: "sqlite",
  schema: "src/cloudflare/d1/schema.ts",
  out: "migrations",
});
