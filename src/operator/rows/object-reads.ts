import * as v from "valibot";
import { assemble, ciIdsOf, objectNamed, partOf } from "../../gateway/objects.ts";
import { sessionNamed } from "../../gateway/sessions.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import { parseTime } from "../../lib/time.ts";
import type { ListFilter, Target } from "../../ports/objects.ts";
import type { Ports } from "../../ports.ts";
import { shown, shownText } from "../model-view.ts";
import { objectPage, streamFeatures, streamLines } from "../object-pages.ts";
import type { Refusal } from "../problem.ts";
import { cursorOf, listEntries, readCursor, TimeText } from "../query.ts";
import { listOf } from "../schemas/common.ts";
import { type Answer, type Row, row } from "../table.ts";
import { cdrKind, locationParts, type ObjectKind, objectKinds, targetOf } from "./object-kinds.ts";

export const tag = "Roaming objects";
const NDJSON = "application/x-ndjson";
const GEOJSON = "application/geo+json";
const Position = v.object({ after: v.number() });

/** The type of a Token stands in its URL; `refOf` knows the default. Spec: 2.3.0 mod_tokens, `type`. */
export const tokenQuery = v.object({
  type: v.optional(
    v.pipe(
      v.string(),
      v.minLength(1),
      v.maxLength(36),
      v.description("TokenType. Default RFID; of a PUT the one in the body."),
    ),
  ),
});

const listQuery = v.object({
  country_code: v.optional(v.pipe(v.string(), v.maxLength(2))),
  party_id: v.optional(v.pipe(v.string(), v.maxLength(3))),
  partner: v.optional(v.pipe(v.string(), v.description("Id of the partner the objects came from."))),
  updated_from: v.optional(v.pipe(TimeText, v.description("`last_updated` at or after."))),
  updated_to: v.optional(v.pipe(TimeText, v.description("`last_updated` before."))),
  owner: v.optional(v.picklist(["own", "partner"])),
  ...listEntries,
});

const sessionQuery = v.object({
  ...listQuery.entries,
  stale: v.optional(
    v.pipe(
      v.picklist(["true"]),
      v.description("Only sessions that go on and did not change for `sessions.stale_after_s` of the settings."),
    ),
  ),
});

/** The refusal for an object that is not there. */
export function absent(target: Omit<Target, "ciIds">): Refusal {
  const { country_code, party_id, id, evse_uid, connector_id } = target;
  const path = [country_code, party_id, id, evse_uid, connector_id].filter((part) => part !== undefined).join("/");
  return { kind: "unknown_object", message: `There is no ${path} in ${target.module}` };
}

function readsOf(kind: ObjectKind): Row[] {
  const { module, schema, idParam } = kind;
  const listed = { "application/json": listOf(schema), [NDJSON]: schema };
  return [
    row({
      id: `list${plural(kind)}`,
      method: "GET",
      path: `/${module}`,
      tag,
      summary: `${plural(kind)}, own and received`,
      description: `In the order they came. \`Accept: ${NDJSON}\` streams every match, a line each, without paging${
        module === "locations" ? `; \`${GEOJSON}\` is a FeatureCollection of every match` : ""
      }.`,
      query: module === "sessions" ? sessionQuery : listQuery,
      answers: {
        200: {
          description: "A page, or the stream asked for",
          content:
            module === "locations"
              ? { ...listed, [GEOJSON]: v.looseObject({ type: v.literal("FeatureCollection") }) }
              : listed,
        },
      },
      async operate({ ports, query, request }) {
        const filter = filterOf(query);
        if ("stale" in query && query.stale === "true") filter.silentSince = await staleBefore(ports);
        const accept = request.headers.get("Accept") ?? "";
        if (/\b(x-)?ndjson\b/.test(accept))
          return ok({ status: 200, body: streamLines(ports, module, filter), type: NDJSON });
        if (module === "locations" && accept.includes(GEOJSON)) {
          return ok({ status: 200, body: streamFeatures(ports, filter), type: GEOJSON });
        }
        const position = readCursor(Position, query.cursor);
        if (!position.ok) return position;
        const { rows, more } = await objectPage(ports, module, filter, position.value?.after ?? null, query.limit);
        const next = more && rows.length > 0 ? cursorOf({ after: rows.at(-1)?.seq ?? 0 }) : null;
        const items = rows.map(({ text }) => shownText(text)).join(",");
        return ok({ status: 200, body: `{"items":[${items}],"next_cursor":${JSON.stringify(next)}}` });
      },
    }),
    row({
      id: `get${kind.kind}`,
      method: "GET",
      path: `/${module}/{country_code}/{party_id}/{${idParam}}`,
      tag,
      summary: `One ${kind.kind}`,
      ...(module === "tokens" ? { query: tokenQuery } : {}),
      answers: { 200: { description: `The ${kind.kind}`, content: { "application/json": schema } } },
      refusals: ["unknown_object"],
      async operate({ ports, params, query }) {
        const target = targetOf(kind, params, (query as { type?: string } | undefined)?.type);
        const read = module === "sessions" ? sessionNamed : objectNamed;
        const found = await read(ports, target);
        return found === null ? err(absent(target)) : ok({ status: 200, json: shown(assemble(found)) });
      },
    }),
  ];
}

const [locations] = objectKinds;

/** Reads of EVSEs and Connectors. */
function partReads(kind: ObjectKind): Row[] {
  return locationParts.map((part) =>
    row({
      id: `get${part.kind}`,
      method: "GET",
      path: part.path,
      tag,
      summary: `One ${part.kind}`,
      answers: { 200: { description: `The ${part.kind}`, content: { "application/json": part.schema } } },
      refusals: ["unknown_object"],
      operate: ({ ports, params }) => readPart(ports, targetOf(kind, params, undefined)),
    }),
  );
}

async function readPart(ports: Pick<Ports, "objects">, target: Target): Promise<Result<Answer, Refusal>> {
  const found = await objectNamed(ports, target);
  const part = found && partOf(assemble(found), { ...target, ciIds: ciIdsOf(found.origin) });
  return part ? ok({ status: 200, json: shown(part) }) : err(absent(target));
}

/** What the operator reads of roaming objects. */
export const objectReadRows: Row[] = [
  ...[...objectKinds, cdrKind].flatMap(readsOf),
  ...(locations ? partReads(locations) : []),
];

function plural({ module }: ObjectKind): string {
  return module.charAt(0).toUpperCase() + module.slice(1);
}

/** Sessions last heard of before this are stale. */
async function staleBefore({ clock, settings }: Pick<Ports, "clock" | "settings">): Promise<number> {
  return clock.now() - (await settings.get()).sessions.stale_after_s * 1000;
}

function filterOf(query: v.InferOutput<typeof listQuery>): ListFilter {
  const { country_code, party_id, partner, owner, updated_from, updated_to } = query;
  return {
    ...(country_code !== undefined ? { country_code: country_code.toUpperCase() } : {}),
    ...(party_id !== undefined ? { party_id: party_id.toUpperCase() } : {}),
    ...(partner !== undefined ? { partner } : {}),
    ...(owner !== undefined ? { owner } : {}),
    ...(updated_from !== undefined ? { updatedFrom: parseTime(updated_from) ?? 0 } : {}),
    ...(updated_to !== undefined ? { updatedTo: parseTime(updated_to) ?? 0 } : {}),
  };
}
