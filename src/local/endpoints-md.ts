import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../ocpi/endpoints.ts";
import { ownPath } from "../ocpi/urls.ts";
import { type Version, versions } from "../ocpi/versions.ts";

/** Where the generated page stands. */
export const endpointsFile = join(import.meta.dirname, "../ocpi/ENDPOINTS.md");

/** The command that writes it anew. */
export const endpointsCommand = "node src/local/endpoints-md.ts";

/** The endpoint table as a page to read: every row of every version, and which versions have it. */
export function endpointsMarkdown(): string {
  const rows = new Map<string, { cells: string[]; in: Set<Version> }>();
  for (const version of versions) {
    for (const row of version.endpoints) {
      const cells = cellsOf(row);
      const known = rows.get(cells.join()) ?? { cells, in: new Set<Version>() };
      known.in.add(version);
      rows.set(cells.join(), known);
    }
  }
  const numbers = versions.map(({ number }) => number);
  const head = ["module", "interface", "method", "path", "query", "request", "data", ...numbers];
  const lines = [...rows.values()].map(({ cells, in: having }) => [
    ...cells,
    ...versions.map((version) => (having.has(version) ? "✓" : "")),
  ]);
  const counts = versions.map(({ number, endpoints }) => `${number}: ${endpoints.length}`).join(", ");
  return `# Endpoints

Generated from the table in \`endpoints.ts\` and \`v*/endpoints.ts\` by \`${endpointsCommand}\`; a test fails when they differ.

Rows per version: ${counts}. \`{side}\` is \`cpo\` or \`emsp\`: what the gateway is on a connection that cannot say it. One slash may end
a path; query parameters in bold are required; HEAD is answered wherever GET is.

${[head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n")}
`;
}

function cellsOf(row: Endpoint): string[] {
  const path =
    ownPath(row, "{version}", null).replace("/ocpi/", row.role === null ? "/ocpi[/{side}]/" : "/ocpi/") + row.path;
  const query = row.query.map((name) => (row.required?.includes(name) ? `**${name}**` : name));
  const kinds = [row.kind, ...(row.otherKinds ?? [])].join(" or ");
  const body = { none: "", object: kinds, optional: `${kinds} or none`, fields: `fields of ${kinds}` }[row.request];
  const told = row.answerKind ?? row.kind;
  const data = { none: "", object: told, list: `${told}[]` }[row.response];
  return [row.module, row.role?.toLowerCase() ?? "both", row.method, `\`${path}\``, query.join(", "), body, data];
}

if (process.argv[1] === import.meta.filename) writeFileSync(endpointsFile, endpointsMarkdown());
