import type { IRequest } from "itty-router";
import { IttyRouter } from "itty-router/IttyRouter";
import { err, ok, type Result } from "../lib/result.ts";
import type { Ports } from "../ports.ts";
import { isOperator } from "./auth.ts";
import { checkBody, readText } from "./body.ts";
import { onlyOnce } from "./only-once.ts";
import { internalProblem, type Problem, problemHeaders, problemOf, type Refusal } from "./problem.ts";
import { readQuery } from "./query.ts";
import { rows } from "./rows.ts";
import type { Answer, Call, OperatorConfig, Row } from "./table.ts";

/** Where the API stands. A breaking change goes to `/api/v2`. */
export const BASE = "/api/v1";
/** Paths that stand at the top as well: probes and tools look for them there. */
const AT_TOP = ["/healthz", "/openapi.json"];

/** A row that fits a request, with the parameters of its path as they stand in the URL. */
interface Route {
  row: Row;
  params: Record<string, string>;
}

/** The table as routes; of several that fit, the first row is meant. */
const routes = IttyRouter<IRequest, []>();
for (const row of rows) {
  const method = row.method.toLowerCase() as Lowercase<Row["method"]>;
  routes[method](row.path.replace(/\{(\w+)\}/g, ":$1"), ({ params }) => ({ row, params }));
}

/** Whether a path belongs to this API. */
export function isOperatorPath(pathname: string): boolean {
  return AT_TOP.includes(pathname) || pathname === BASE || pathname.startsWith(`${BASE}/`);
}

/**
 * The operator API: a request in, its answer out. Never throws: a bug is logged with its stack and answered by a
 * problem that shows nothing of it.
 */
export function operatorApi(ports: Ports, config: OperatorConfig): (request: Request) => Promise<Response> {
  return async (request) => {
    const requestId = requestIdOf(request) ?? ports.ids.uuid();
    let operation = "";
    try {
      const result = await answer(ports, config, request, (row) => {
        operation = row.id;
      });
      return result.ok ? respond(result.value, requestId) : refuse(result.error, requestId);
    } catch (cause) {
      const error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      ports.log.write("error", "operator request failed", { request_id: requestId, operation, error });
      return problemResponse(internalProblem(), {}, requestId);
    }
  };
}

async function answer(
  ports: Ports,
  config: OperatorConfig,
  request: Request,
  found: (row: Row) => void,
): Promise<Result<Answer, Refusal>> {
  const url = new URL(request.url);
  if (!isOperatorPath(url.pathname)) return err(unknownPath(url.pathname));
  const path = AT_TOP.includes(url.pathname) ? url.pathname : url.pathname.slice(BASE.length);
  const route = await match(path, request.method);
  if (!route.ok) {
    // A path that is not there asks for the token as those do that are: no stranger learns which is which by trying.
    const isHidden = route.error.kind === "unknown_path" && !(await isOperator(request, config.token));
    return isHidden ? err({ kind: "unauthorized" }) : route;
  }
  const { row, params } = route.value;
  found(row);
  if (!row.open && !(await isOperator(request, config.token))) return err({ kind: "unauthorized" });

  const query = row.query ? readQuery(row.query, url.searchParams) : ok(undefined);
  if (!query.ok) return query;
  const base = ports.config.publicUrl ?? url.origin;
  const call: Call<string, unknown, unknown> = {
    ports,
    config,
    request,
    base,
    params,
    query: query.value,
    body: undefined,
  };
  if (row.body === undefined || row.body.stream !== undefined) {
    return row.method === "POST" ? onlyOnce(call, "", () => row.operate(call)) : row.operate(call);
  }
  const text = await readText(request, ports.config.bodyLimits[row.body.limit]);
  if (!text.ok) return text;
  const body = checkBody(row.body, text.value);
  if (!body.ok) return body;
  const work = () => row.operate({ ...call, body: body.value });
  return row.method === "POST" ? onlyOnce(call, text.value, work) : work();
}

/** The row for a path and method; 405 where only the method is unknown. A slash at the end is taken. */
async function match(path: string, method: string): Promise<Result<Route, Refusal>> {
  const asked = { method: method === "HEAD" ? "GET" : method, url: `https://gateway${path}` } as IRequest;
  const found: Route | undefined = await routes.fetch(asked);
  if (found === undefined) {
    const allow = new Set(routes.routes.filter(([, pattern]) => pattern.test(path)).map(([known]) => known));
    return err(allow.size > 0 ? { kind: "method_not_allowed", allow: [...allow] } : unknownPath(BASE + path));
  }
  const params: Record<string, string> = {};
  for (const [name, text] of Object.entries(found.params)) {
    const value = decoded(text);
    if (value === null)
      return err({ kind: "bad_request", faults: [{ pointer: `/${name}`, message: "is not readable" }] });
    params[name] = value;
  }
  return ok({ row: found.row, params });
}

function unknownPath(path: string): Refusal {
  return { kind: "unknown_path", message: `There is no ${path} in this API; /openapi.json lists what there is` };
}

function decoded(segment: string): string | null {
  try {
    const text = decodeURIComponent(segment);
    return text === "" || text.includes("\0") || !text.isWellFormed() ? null : text;
  } catch {
    return null;
  }
}

/** The caller's own request id, when it can stand in a header and a log. */
function requestIdOf(request: Request): string | null {
  const given = request.headers.get("X-Request-ID");
  return given !== null && /^[\x21-\x7e]{1,200}$/.test(given) ? given : null;
}

function respond({ status, json, body, type, headers, response }: Answer, requestId: string): Response {
  if (response !== undefined) return response;
  const common = { ...headers, ...commonHeaders(requestId) };
  if (json === undefined && body === undefined) return new Response(null, { status, headers: common });
  const content = body ?? JSON.stringify(json);
  return new Response(content, { status, headers: { ...common, "Content-Type": type ?? "application/json" } });
}

function refuse(refusal: Refusal, requestId: string): Response {
  return problemResponse(problemOf(refusal), problemHeaders(refusal), requestId);
}

function problemResponse(problem: Problem, headers: Record<string, string>, requestId: string): Response {
  return Response.json(
    { ...problem, request_id: requestId },
    {
      status: problem.status,
      headers: { ...headers, ...commonHeaders(requestId), "Content-Type": "application/problem+json" },
    },
  );
}

function commonHeaders(requestId: string): Record<string, string> {
  return { "X-Request-ID": requestId, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
}
