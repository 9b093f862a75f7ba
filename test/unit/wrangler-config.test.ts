import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { readWranglerToml, repository } from "../../src/local/wrangler-toml.ts";

const path = join(repository, "wrangler.toml");
const { env, ...topLevel } = parse(readFileSync(path, "utf8")) as Record<string, unknown>;
const { production } = env as { production: Record<string, unknown> };

/** What Wrangler hands down to an environment that does not say otherwise; everything else must be repeated there. */
const inherited = [
  "assets",
  "compatibility_date",
  "compatibility_flags",
  "exports",
  "limits",
  "main",
  "observability",
  "placement",
  "preview_urls",
  "send_metrics",
  "triggers",
  "workers_dev",
];

test("production repeats every binding that an environment does not inherit", () => {
  const expected = Object.keys(topLevel).filter((key) => !inherited.includes(key));
  expect(Object.keys(production).filter((key) => !inherited.includes(key))).toEqual(expected);
  for (const key of expected.filter((key) => key !== "vars" && key !== "d1_databases"))
    expect(production[key], key).toEqual(topLevel[key]);
  expect(production.vars).toEqual({ ...(topLevel.vars as object), ENVIRONMENT: "production" });
  const withoutId = (databases: unknown): unknown => (databases as object[]).map((db) => ({ ...db, database_id: "" }));
  expect(withoutId(production.d1_databases)).toEqual(withoutId(topLevel.d1_databases));
});

test("what must be off in a deployed environment is off", () => {
  expect(production.vars).toMatchObject({ ALLOW_PRIVATE_NETWORK: "false", ENVIRONMENT: "production" });
});

test("the local runner reads wrangler.toml as Wrangler does", () => {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(path);
  const ours = readWranglerToml(path);
  const { routerConfig, ...assets } = workerOptions.assets as Record<string, unknown> & {
    routerConfig: { static_routing: { user_worker: string[] } };
  };
  // toEqual takes a key that is undefined as absent.
  expect(ours.options).toEqual({
    name: topLevel.name,
    rootPath: workerOptions.rootPath,
    compatibilityDate: workerOptions.compatibilityDate,
    compatibilityFlags: workerOptions.compatibilityFlags,
    d1Databases: workerOptions.d1Databases,
    durableObjects: workerOptions.durableObjects,
    queueProducers: workerOptions.queueProducers,
    queueConsumers: workerOptions.queueConsumers,
    ratelimits: Object.fromEntries(
      Object.entries(workerOptions.ratelimits ?? {}).map(([name, { namespace_id, simple }]) => [
        name,
        { namespace_id, simple },
      ]),
    ),
    assets: { directory: assets.directory, binding: assets.binding },
  });
  const secrets = Object.fromEntries(ours.secrets.map((name) => [name, expect.any(String)]));
  expect({ ...ours.vars, ...secrets }).toEqual(workerOptions.bindings);
  expect(ours.runWorkerFirst).toEqual(routerConfig.static_routing.user_worker);
});
