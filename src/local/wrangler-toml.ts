import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { V4WorkerOptions } from "miniflare";
import { parse } from "smol-toml";
import * as v from "valibot";

/** The top level of the repository, absolute. */
export const repository = join(import.meta.dirname, "../..");

/**
 * What this runner understands of `wrangler.toml`, top level only (`[env.*]` is for deployments). Strict on purpose: a
 * binding that is added there and not here stops the start, instead of being undefined in the Worker.
 */
const WranglerToml = v.strictObject({
  name: v.string(),
  main: v.string(),
  compatibility_date: v.string(),
  compatibility_flags: v.optional(v.array(v.string()), []),
  vars: v.record(v.string(), v.string()),
  secrets: v.strictObject({ required: v.array(v.string()) }),
  assets: v.strictObject({ binding: v.string(), directory: v.string(), run_worker_first: v.array(v.string()) }),
  exports: v.record(v.string(), v.strictObject({ type: v.literal("durable-object"), storage: v.literal("sqlite") })),
  durable_objects: v.strictObject({
    bindings: v.array(v.strictObject({ name: v.string(), class_name: v.string() })),
  }),
  d1_databases: v.tuple([
    v.strictObject({
      binding: v.string(),
      database_name: v.string(),
      database_id: v.string(),
      migrations_dir: v.string(),
    }),
  ]),
  queues: v.strictObject({
    producers: v.array(v.strictObject({ binding: v.string(), queue: v.string() })),
    consumers: v.array(
      v.strictObject({
        queue: v.string(),
        max_batch_size: v.optional(v.number()),
        max_batch_timeout: v.optional(v.number()),
        max_retries: v.optional(v.number()),
        retry_delay: v.optional(v.number()),
        max_concurrency: v.optional(v.number()),
        dead_letter_queue: v.optional(v.string()),
      }),
    ),
  }),
  ratelimits: v.array(
    v.strictObject({
      name: v.string(),
      namespace_id: v.string(),
      simple: v.strictObject({ limit: v.number(), period: v.picklist([10, 60]) }),
    }),
  ),
  // What means nothing on one machine. Cron never fires here: alarms do what must happen.
  triggers: v.optional(v.unknown()),
  observability: v.optional(v.unknown()),
  placement: v.optional(v.unknown()),
  limits: v.optional(v.unknown()),
  send_metrics: v.optional(v.unknown()),
  workers_dev: v.optional(v.unknown()),
  preview_urls: v.optional(v.unknown()),
  env: v.optional(v.unknown()),
});

/** What a local gateway takes from `wrangler.toml`. */
export type LocalWorker = {
  /** Source file of the Worker, absolute. */
  main: string;
  /** Everything Miniflare needs to know but the code, the vars and the secrets. */
  options: Omit<V4WorkerOptions, "modules" | "script" | "scriptPath" | "bindings">;
  /** `[vars]`, by name. */
  vars: Record<string, string>;
  /** Path patterns the Worker answers itself, before any static file. */
  runWorkerFirst: string[];
  /** Names of the secrets that the Worker cannot do without. */
  secrets: string[];
  /** The D1 database: the id names its file, the directory (absolute) holds its migrations. */
  database: { id: string; migrations: string };
};

/**
 * Reads `wrangler.toml`, so that no binding is written down twice. Wrangler has a reader of its own; loading it takes a
 * second of every start, so this is a small one, and `test/unit/wrangler-config.test.ts` holds it to Wrangler's result.
 * @throws when the file has a key that this reader does not know.
 */
export function readWranglerToml(path = join(repository, "wrangler.toml")): LocalWorker {
  const toml = v.parse(WranglerToml, parse(readFileSync(path, "utf8")));
  const [database] = toml.d1_databases;
  return {
    main: join(repository, toml.main),
    options: {
      name: toml.name,
      rootPath: repository,
      compatibilityDate: toml.compatibility_date,
      compatibilityFlags: toml.compatibility_flags,
      d1Databases: { [database.binding]: { id: database.database_id } },
      durableObjects: Object.fromEntries(
        toml.durable_objects.bindings.map(({ name, class_name }) => [name, { className: class_name, useSQLite: true }]),
      ),
      queueProducers: Object.fromEntries(
        toml.queues.producers.map(({ binding, queue }) => [binding, { queueName: queue }]),
      ),
      queueConsumers: Object.fromEntries(
        toml.queues.consumers.map((consumer) => [
          consumer.queue,
          {
            maxBatchSize: consumer.max_batch_size,
            maxBatchTimeout: consumer.max_batch_timeout,
            maxRetries: consumer.max_retries,
            retryDelay: consumer.retry_delay,
            deadLetterQueue: consumer.dead_letter_queue,
          },
        ]),
      ),
      ratelimits: Object.fromEntries(toml.ratelimits.map(({ name, ...limit }) => [name, limit])),
      assets: { directory: join(repository, toml.assets.directory), binding: toml.assets.binding },
    },
    vars: toml.vars,
    runWorkerFirst: toml.assets.run_worker_first,
    secrets: toml.secrets.required,
    database: { id: database.database_id, migrations: join(repository, database.migrations_dir) },
  };
}
