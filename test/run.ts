import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * `npm test`: everything that must hold, in the order of what fails fastest, ending at the first failure.
 * `npm run check` (`--static`) is the part that runs no test.
 */
type Step = { name: string; run: string | (() => boolean); isStatic: boolean };

const root = join(import.meta.dirname, "..");
const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}` };
const colors = process.stdout.isTTY ? "" : "--colors=off";
const vitest = "vitest run --config test/vitest.config.ts --project";

const steps: Step[] = [
  { name: "format and lint", run: `biome ci --error-on-warnings ${colors} .`, isStatic: true },
  { name: "types", run: "tsc", isStatic: true },
  { name: "binding types are those of wrangler.toml", run: "npm run --silent types -- --check", isStatic: true },
  { name: "migrations are those of the schema", run: migrationsMatchSchema, isStatic: true },
  { name: "unit tests", run: `${vitest} unit`, isStatic: false },
  { name: "workers tests", run: `${vitest} workers`, isStatic: false },
  { name: "conformance tests", run: `${vitest} conformance`, isStatic: false },
];

const started = performance.now();
for (const step of steps.filter(({ isStatic }) => isStatic || !process.argv.includes("--static"))) {
  const began = performance.now();
  const passed = typeof step.run === "string" ? shell(step.run) : step.run();
  console.log(`${passed ? "passed" : "FAILED"}  ${step.name} (${seconds(began)})`);
  if (!passed) process.exit(1);
}
console.log(`All checks passed in ${seconds(started)}.`);

function shell(command: string, stdio: "inherit" | "pipe" = "inherit"): boolean {
  const result = spawnSync(command, { cwd: root, env, shell: true, stdio });
  if (stdio === "pipe" && result.status !== 0) process.stderr.write(`${result.stdout}${result.stderr}`);
  return result.status === 0;
}

/** Generates into a copy: a migration that appears there is one that somebody forgot to generate. */
function migrationsMatchSchema(): boolean {
  const schema = "src/cloudflare/d1/schema.ts";
  const copy = ".wrangler/migrations-check";
  rmSync(join(root, copy), { recursive: true, force: true });
  mkdirSync(join(root, copy), { recursive: true });
  cpSync(join(root, "migrations"), join(root, copy), { recursive: true });
  const before = readdirSync(join(root, copy));
  if (!shell(`drizzle-kit generate --dialect sqlite --schema ${schema} --out ${copy}`, "pipe")) return false;
  const forgotten = readdirSync(join(root, copy)).filter((file) => !before.includes(file) && file.endsWith(".sql"));
  if (forgotten.length > 0) console.error(`${schema} is ahead of migrations/: run npm run db:generate`);
  return forgotten.length === 0;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
