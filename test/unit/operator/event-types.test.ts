import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { expect, test } from "vitest";
import { MODULES } from "../../../src/gateway/keys.ts";
import { EVENT_TYPES, TypesText } from "../../../src/operator/event-types.ts";
import { WebhookInput, WebhookPatch } from "../../../src/operator/schemas/webhooks.ts";

const src = join(import.meta.dirname, "../../../src");
/** Messages to the back office that are no events of the feed. */
const apart = ["token.authorize", "webhook.test"];

test("whatever type the source names stands in the table", () => {
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const named = files.flatMap((file) => {
    const text = readFileSync(join(src, file), "utf8");
    return [...text.matchAll(/\b(?:type|event): "([a-z_]+\.[a-z_]+)"/g)].map(([, type]) => type);
  });
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((type) => !apart.includes(String(type)) && !EVENT_TYPES.includes(String(type)))).toEqual([]);
});

test("so do those of the objects that are kept", () => {
  for (const { resource, deletable, delivery } of Object.values(MODULES)) {
    const verbs = delivery === "record" ? ["received"] : deletable ? ["changed", "deleted"] : ["changed"];
    for (const verb of verbs) expect(EVENT_TYPES).toContain(`${resource}.${verb}`);
  }
});

const url = "https://office.example/events";

test.each([WebhookInput, WebhookPatch])("types of a webhook are a list or text", (schema) => {
  const types = ["session.*", "cdr.received"];
  for (const given of [types, "session.*, cdr.received"]) {
    expect(v.parse(schema, { url, types: given })).toMatchObject({ types });
  }
  expect(v.parse(schema, { url, types: "" })).toMatchObject({ types: [] });
  expect(v.parse(schema, { url, types: null })).toMatchObject({ types: null });
  for (const one of ["cdr.changed", "charger.*", "CDR.received", "cdr", "cdr.rec*", ""]) {
    const read = v.safeParse(schema, { url, types: ["tariff.*", one] });
    expect(
      read.issues?.map((issue) => v.getDotPath(issue)),
      one,
    ).toEqual(["types.1"]);
    expect(read.issues?.[0].message).toContain("known are partner.registered");
  }
  const read = v.safeParse(schema, { url, types: "tariff.*,charger.*" });
  expect(read.issues?.map((issue) => [v.getDotPath(issue), issue.message.slice(0, 29)])).toEqual([
    ["types", '"charger.*" is no event type;'],
  ]);
});

test("types of the feed are text", () => {
  expect(v.parse(TypesText, "location.*,")).toEqual(["location.*"]);
  expect(v.is(TypesText, "location.*,nonsense")).toBe(false);
});
