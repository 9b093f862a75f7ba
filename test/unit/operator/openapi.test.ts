import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { isObject, type JsonObject, type JsonValue } from "../../../src/lib/json.ts";
import { resolvePointer } from "../../../src/lib/pointer.ts";
import { openApi } from "../../../src/operator/openapi.ts";
import { PROBLEMS } from "../../../src/operator/problem.ts";
import { rows } from "../../../src/operator/rows.ts";

const document = JSON.parse(JSON.stringify(openApi("1.2.3", "https://gw.test"))) as JsonObject;
const paths = document.paths as Record<string, Record<string, JsonObject>>;

function* referencesIn(value: JsonValue | undefined): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* referencesIn(item);
  else if (isObject(value)) {
    if (typeof value.$ref === "string") yield value.$ref;
    for (const member of Object.values(value)) yield* referencesIn(member);
  }
}

test("every row of the table is in the document, and nothing else", () => {
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual(rows.map(({ method, path }) => `${method} ${path}`).toSorted());
});

test("operationIds are unique", () => {
  const ids = rows.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("every reference resolves within the document", () => {
  for (const reference of referencesIn(document)) {
    expect(resolvePointer(document, reference.replace(/^#/, "")), reference).toBeDefined();
  }
});

test("every schema compiles, and path parameters are those of the path", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, "openapi");
  for (const name of Object.keys((document.components as { schemas: JsonObject }).schemas)) {
    expect(() => ajv.compile({ $ref: `openapi#/components/schemas/${name}` }), name).not.toThrow();
  }
  for (const [path, item] of Object.entries(paths)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const operation of Object.values(item)) {
      const parameters = (operation.parameters ?? []) as { name: string; in: string }[];
      expect(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(named);
    }
  }
});

test("every example of a body fits its schema", () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, "openapi");
  for (const item of Object.values(paths)) {
    for (const operation of Object.values(item)) {
      const media = (operation.requestBody as { content?: Record<string, JsonObject> } | undefined)?.content?.[
        "application/json"
      ];
      if (media?.example === undefined) continue;
      const { $ref } = media.schema as { $ref?: string };
      const check = ajv.compile($ref ? { $ref: `openapi${$ref}` } : (media.schema as JsonObject));
      expect(check(media.example), `${operation.operationId}: ${ajv.errorsText(check.errors)}`).toBe(true);
    }
  }
});

test("an open operation needs no token, every other one does", () => {
  const open = Object.values(paths).flatMap((item) =>
    Object.values(item).filter(({ security }) => Array.isArray(security) && security.length === 0),
  );
  expect(open.map(({ operationId }) => operationId).toSorted()).toEqual(["getHealth", "getOpenApi"]);
});

test("what the URL says, and the times, are not required of the operator's objects", () => {
  const { schemas } = document.components as {
    schemas: Record<string, { required?: string[]; properties: Record<string, JsonObject> }>;
  };
  expect(schemas.LocationInput?.required).not.toContain("id");
  expect(schemas.LocationInput?.required).not.toContain("last_updated");
  expect(schemas.LocationInput?.required).toContain("publish");
  expect(schemas.TariffInput?.required).not.toContain("tax_included");
  expect(schemas.TokenInput?.required).not.toContain("uid");
  expect(schemas.ConnectorInput?.required).not.toContain("id");
});

test("the document says where it stands, and lists every kind of problem", () => {
  expect(document).toMatchObject({
    openapi: "3.1.0",
    info: { version: "1.2.3" },
    servers: [{ url: "https://gw.test/api/v1" }],
  });
  expect(document["x-problems"]).toHaveLength(Object.keys(PROBLEMS).length);
});
