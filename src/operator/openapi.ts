import type { JsonObject } from "../lib/json.ts";
import { components, schemaOf } from "./components.ts";
import { PROBLEMS, type Refusal } from "./problem.ts";
import { rows } from "./rows.ts";
import type { Row } from "./table.ts";

const DESCRIPTION = `The operator API of the gateway: for the back office of its owner. Partners speak OCPI to it, under \`/ocpi\`.

- Every request carries \`Authorization: Bearer <operator token>\`, but for those marked open.
- Errors are \`application/problem+json\` (RFC 9457); invalid input has \`errors\` with a JSON Pointer to each fault, and then nothing was stored.
- Lists take \`limit\` (at most 1000) and \`cursor\`, and answer \`items\` and \`next_cursor\`.
- A PUT that changes nothing changes nothing: no event, no push. A POST takes \`Idempotency-Key\`: within a day the same request is answered the same again.
- Query parameters the operation does not know are ignored. Unknown members of a body are faults, but of roaming objects, which keep them.
- Every answer carries \`X-Request-ID\`: yours, or one of ours.`;

/** Refusals any operation may answer. */
const always: Refusal["kind"][] = ["bad_request"];

let built: { version: string; document: JsonObject } | null = null;

/** The OpenAPI 3.1 document of the table. @param base where this gateway stands */
export function openApi(version: string, base: string): JsonObject {
  if (built?.version !== version) built = { version, document: build(version) };
  return { ...built.document, servers: [{ url: `${base}/api/v1` }] };
}

function build(version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const row of rows) {
    const path = paths[row.path] ?? {};
    path[row.method.toLowerCase()] = operation(row);
    paths[row.path] = path;
  }
  const tags = [...new Set(rows.map(({ tag }) => tag))].map((name) => ({ name }));
  return {
    openapi: "3.1.0",
    info: {
      title: "OCPI gateway: operator API",
      version,
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [],
    tags,
    security: [{ operatorToken: [] }],
    paths,
    "x-problems": Object.entries(PROBLEMS).map(([kind, problem]) => ({ id: kind.replaceAll("_", "-"), ...problem })),
    components: {
      securitySchemes: {
        operatorToken: { type: "http", scheme: "bearer", description: "OPERATOR_TOKEN of the deployment" },
      },
      headers: { RequestId: { description: "Names the exchange in logs.", schema: { type: "string" } } },
      schemas: components(),
    },
  };
}

function operation(row: Row): JsonObject {
  const parameters = [...pathParameters(row), ...queryParameters(row), ...headerParameters(row)];
  const responses: Record<string, JsonObject> = {};
  const headers = { "X-Request-ID": { $ref: "#/components/headers/RequestId" } };
  for (const [status, { description, content }] of Object.entries(row.answers)) {
    const types = Object.entries(content ?? {}).map(([type, schema]) => [type, { schema: schemaOf(schema) }]);
    responses[status] = { description, headers, ...(types.length > 0 ? { content: Object.fromEntries(types) } : {}) };
  }
  for (const [status, titles] of refusalsOf(row)) {
    const content = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } };
    responses[status] = { description: titles.join(" · "), headers, content };
  }
  return {
    operationId: row.id,
    tags: [row.tag],
    summary: row.summary,
    ...(row.description !== undefined ? { description: row.description } : {}),
    ...(row.open ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(row.body ? { requestBody: requestBody(row.body) } : {}),
    responses,
  };
}

function requestBody({ schema, documented, stream, also, required, example }: NonNullable<Row["body"]>): JsonObject {
  const described = documented === undefined ? schemaOf(schema) : { $ref: `#/components/schemas/${documented}` };
  const media = { schema: described, ...(example !== undefined ? { example: example as JsonObject } : {}) };
  const types = stream !== undefined ? [stream] : ["application/json", ...(also ?? [])];
  return { required, content: Object.fromEntries(types.map((type) => [type, media])) };
}

function refusalsOf(row: Row): [string, string[]][] {
  const body: Refusal["kind"][] =
    row.body === undefined
      ? []
      : row.body.stream
        ? ["unsupported_encoding"]
        : ["malformed", "invalid", "too_large", "unsupported_encoding"];
  const auth: Refusal["kind"][] = row.open ? [] : ["unauthorized"];
  const once: Refusal["kind"][] = row.method === "POST" ? ["conflict"] : [];
  const kinds = new Set<keyof typeof PROBLEMS>([...always, ...auth, ...body, ...once, ...row.refusals, "internal"]);
  const byStatus = new Map<string, string[]>();
  for (const kind of kinds) {
    const { status, title } = PROBLEMS[kind];
    byStatus.set(String(status), [...(byStatus.get(String(status)) ?? []), title]);
  }
  return [...byStatus].sort(([a], [b]) => (a < b ? -1 : 1));
}

function pathParameters({ path }: Row): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ query }: Row): JsonObject[] {
  return Object.entries(query?.entries ?? {}).map(([name, entry]) => {
    const { description, ...schema } = schemaOf(entry);
    return { name, in: "query", ...(description !== undefined ? { description } : {}), schema };
  });
}

function headerParameters({ method, id }: Row): JsonObject[] {
  const text = { type: "string" };
  if (id === "streamEvents")
    return [{ name: "Last-Event-ID", in: "header", description: "Id of the last event seen.", schema: text }];
  if (method !== "POST") return [];
  return [
    {
      name: "Idempotency-Key",
      in: "header",
      description: "Makes it safe to send the request again.",
      schema: { ...text, maxLength: 255 },
    },
  ];
}
