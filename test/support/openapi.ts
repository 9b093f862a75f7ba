import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import type { OcpiObject } from "../sandbox/types.ts";

/** An answer of the operator API. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body, when it is JSON; else empty. */
  json: OcpiObject;
  /** The lines of an answer in NDJSON. */
  lines?: OcpiObject[];
}

type Gateway = { url: string; operatorToken: string };
type Document = OcpiObject & { paths: Record<string, OcpiObject> };
type Check = ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };

const documents = new Map<string, Promise<{ document: Document; ajv: Ajv2020; checks: Map<string, Check> }>>();

async function load({ url }: Gateway) {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(document, "openapi");
  return { document, ajv, checks: new Map<string, Check>() };
}

function pathIn(document: Document, path: string): string | undefined {
  const segments = path.split("/");
  const fits = Object.keys(document.paths).filter((template) => {
    const parts = template.split("/");
    return parts.length === segments.length && parts.every((part, i) => part.startsWith("{") || part === segments[i]);
  });
  // A constant is meant before a parameter: `/tokens` and not `/{module}`.
  return fits.sort((a, b) => a.split("{").length - b.split("{").length)[0];
}

const escaped = (key: string): string => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));

/** Throws when an answer is not one that the gateway's own OpenAPI document has for the operation. */
async function judge(gateway: Gateway, method: string, path: string, reply: Reply): Promise<void> {
  const loading = documents.get(gateway.url) ?? load(gateway);
  documents.set(gateway.url, loading);
  const { document, ajv, checks } = await loading;
  const wrong = (what: string): Error => new Error(`${method} ${path} → ${reply.status}: ${what}`);
  if (!reply.headers.get("x-request-id")) throw wrong("no X-Request-ID");
  const template = pathIn(document, path);
  const operation = template === undefined ? undefined : document.paths[template]?.[method.toLowerCase()];
  if (operation === undefined) {
    if (reply.status === 404 || reply.status === 405) return;
    throw wrong("the OpenAPI document does not know this operation");
  }
  const answer = operation.responses[reply.status];
  if (answer === undefined) throw wrong(`is not among ${Object.keys(operation.responses).join(", ")}: ${reply.text}`);
  if (answer.content === undefined) {
    if (reply.text !== "") throw wrong("a body that the OpenAPI document does not know");
    return;
  }
  const type = (reply.headers.get("content-type") ?? "").split(";")[0] ?? "";
  if (answer.content[type] === undefined) throw wrong(`${type} is not among ${Object.keys(answer.content).join(", ")}`);
  if (!type.endsWith("json")) return;
  const place = ["paths", template ?? "", method.toLowerCase(), "responses", String(reply.status), "content", type];
  const pointer = `openapi#/${[...place, "schema"].map(escaped).join("/")}`;
  const check = checks.get(pointer) ?? (ajv.compile({ $ref: pointer }) as Check);
  checks.set(pointer, check);
  for (const value of reply.lines ?? [reply.json]) {
    if (!check(value)) throw wrong(`${ajv.errorsText(check.errors)} in ${JSON.stringify(value).slice(0, 500)}`);
  }
}

/**
 * One request to the operator API, its answer held against the OpenAPI document.
 * @param path below `/api/v1`
 * @param body sent as JSON unless undefined
 */
export async function ask(
  gateway: Gateway,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(`${gateway.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.operatorToken}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type") ?? "";
  const isJson = /[/+]json\b/.test(type) && text !== "";
  const reply: Reply = {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : {},
  };
  if (type.startsWith("application/x-ndjson")) {
    reply.lines = text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
  await judge(gateway, method, path.split("?")[0] ?? path, reply);
  return reply;
}
