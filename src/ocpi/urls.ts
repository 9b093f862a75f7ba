import type { Kind } from "./codec.ts";
import type { Endpoint, InterfaceRole, Operation } from "./endpoints.ts";

// Where the rows of the table stand: paths behind a module's Endpoint.url (any platform's), and our own URLs.

/**
 * What stands behind the Endpoint.url of a module: '' or `/NL/TNM/LOC1`, every value percent-encoded as one segment.
 * @throws when a parameter of the path is missing or empty (a bug of the caller), or is `.` or `..`
 */
export function pathOf(endpoint: Pick<Endpoint, "path">, params: Readonly<Record<string, string | undefined>>): string {
  return endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (!value) throw new Error(`No ${name} for ${endpoint.path}`);
    // Encoded or not, every URL parser resolves such a segment as a relative path: another object would be meant.
    if (value === "." || value === "..") throw new Error(`${name} cannot be ${value} in a URL`);
    return encodeURIComponent(value);
  });
}

/** Puts a path of {@link pathOf} behind an Endpoint.url with exactly one slash between; a query of the URL stays behind it. */
export function joinUrl(endpointUrl: string, path: string): string {
  const query = endpointUrl.indexOf("?");
  const base = query < 0 ? endpointUrl : endpointUrl.slice(0, query);
  const rest = query < 0 ? "" : endpointUrl.slice(query);
  return path === "" ? endpointUrl : `${base.replace(/\/+$/, "")}/${path.replace(/^\/+/, "")}${rest}`;
}

/** The row of a version that answers a question about a kind of object; undefined when the version has none. */
export function findEndpoint(
  endpoints: readonly Endpoint[],
  wanted: { module: string; role: InterfaceRole | null; operation: Operation; kind?: Kind },
): Endpoint | undefined {
  return endpoints.find(
    (row) =>
      row.module === wanted.module &&
      row.role === wanted.role &&
      row.operation === wanted.operation &&
      (wanted.kind === undefined || row.kind === wanted.kind),
  );
}

/** The side of an own URL on a connection that cannot say its roles: what we are there. null: not said. */
export type Side = "cpo" | "emsp" | null;

/** Our versions URL, the one to hand to a partner. `base` has no slash at its end. */
export function versionsUrl(base: string, side: Side): string {
  return base + ownPath({ module: "versions", role: null }, "", side);
}

/** Our Version.url: where the details of a version stand. */
export function versionDetailsUrl(base: string, version: string, side: Side): string {
  return base + ownPath({ module: "version_details", role: null }, version, side);
}

/** Our Endpoint.url of a row's module; `side` is kept by the interfaces that are the same for both sides. */
export function ownEndpointUrl(
  base: string,
  version: string,
  row: Pick<Endpoint, "module" | "role">,
  side: Side,
): string {
  return base + ownPath(row, version, side);
}

/** The path of a module's own Endpoint.url: the layout of our OCPI URLs, the router's other half. */
export function ownPath(row: Pick<Endpoint, "module" | "role">, version: string, side: Side): string {
  const root = side === null ? "/ocpi" : `/ocpi/${side}`;
  if (row.module === "versions") return `${root}/versions`;
  if (row.module === "version_details") return `${root}/${version}`;
  if (row.role === null) return `${root}/${version}/${row.module}`;
  return `/ocpi/${version}/${row.role.toLowerCase()}/${row.module}`;
}
