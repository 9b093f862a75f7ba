import type { Endpoint, Method } from "../ocpi/endpoints.ts";
import { ownPath, type Side } from "../ocpi/urls.ts";
import { type Version, versions } from "../ocpi/versions.ts";

/** A row of the endpoint table, found for a request. */
export interface Route {
  row: Endpoint;
  /** The version of the URL; null for the list of versions, which belongs to none. */
  version: Version | null;
  /** What we are on this URL, where it says so. */
  side: Side;
  /** Path parameters, each decoded once. */
  params: Readonly<Record<string, string>>;
}

/** What there is for a method and a path. */
export type Match =
  | { kind: "found"; route: Route }
  | { kind: "unknown_path" }
  | { kind: "method_not_allowed"; allow: string[] };

interface Entry {
  row: Endpoint;
  version: Version | null;
  side: Side;
  segments: string[];
}

const sides: readonly Side[] = [null, "cpo", "emsp"];

// Rows by the path their module stands at (`/ocpi/2.2.1/sender/locations`): a request meets a handful of rows, never all.
const modules: ReadonlyMap<string, Entry[]> = index();

function index(): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const version of versions) {
    for (const row of version.endpoints) {
      for (const side of row.role === null ? sides : [null]) {
        const base = ownPath(row, version.number, side);
        const entries = found.get(base) ?? [];
        found.set(base, entries);
        // The list of versions stands in every version's table, and once in the router.
        const isShared = row.module === "versions";
        if (isShared && entries.length > 0) continue;
        entries.push({ row, version: isShared ? null : version, side, segments: segmentsOf(row.path) });
      }
    }
  }
  return found;
}

/** Segments in the path of a module: `/ocpi/versions` has 2, `/ocpi/2.2.1/sender/locations` 4. */
const depths: readonly number[] = [...new Set([...modules.keys()].map((path) => segmentsOf(path).length))].sort();

function segmentsOf(path: string): string[] {
  return path === "" ? [] : path.slice(1).split("/");
}

/**
 * Finds the row for a request. The path is matched as it was sent (one slash may end it), and only then is each segment
 * decoded, once: an encoded slash stays within its segment. HEAD is asked as GET.
 */
export function match(method: string, pathname: string): Match {
  const path = pathname.endsWith("/") ? pathname.slice(0, -1) : pathname;
  const segments = segmentsOf(path);
  const asked = method === "HEAD" ? "GET" : method;
  const allow = new Set<Method>();
  for (const depth of depths) {
    if (depth > segments.length) break;
    const entries = modules.get(`/${segments.slice(0, depth).join("/")}`) ?? [];
    const rest = segments.slice(depth);
    for (const { row, version, side, segments: pattern } of entries) {
      const params = bind(pattern, rest);
      if (params === null) continue;
      if (row.method === asked) return { kind: "found", route: { row, version, side, params } };
      allow.add(row.method);
    }
  }
  return allow.size > 0 ? { kind: "method_not_allowed", allow: allowed(allow) } : { kind: "unknown_path" };
}

function allowed(methods: ReadonlySet<Method>): string[] {
  return [...methods, ...(methods.has("GET") ? ["HEAD"] : []), "OPTIONS"];
}

function bind(pattern: string[], segments: string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [i, name] of pattern.entries()) {
    const segment = segments[i] ?? "";
    if (!name.startsWith("{")) {
      if (name !== segment) return null;
      continue;
    }
    const value = decode(segment);
    if (value === null) return null;
    params[name.slice(1, -1)] = value;
  }
  return params;
}

/** A segment as text; null when it cannot be anything's id: empty, too long, not UTF-8, or with control characters. */
function decode(segment: string): string | null {
  if (segment === "" || segment.length > 255) return null;
  if (!segment.includes("%")) return segment;
  try {
    const text = decodeURIComponent(segment);
    return [...text].some((char) => char < " " || char === "\x7f") ? null : text;
  } catch {
    return null;
  }
}
