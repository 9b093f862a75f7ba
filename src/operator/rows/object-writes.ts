import * as v from "valibot";
import { DEFAULT_TOKEN_TYPE } from "../../gateway/keys.ts";
import { assemble, deleteObject, partOf, patchObject, putObject } from "../../gateway/objects.ts";
import { changeSession } from "../../gateway/sessions.ts";
import type { JsonObject, JsonValue } from "../../lib/json.ts";
import { mergePatch } from "../../lib/merge-patch.ts";
import { err, ok, type Result } from "../../lib/result.ts";
import type { Fault } from "../../ocpi/codec.ts";
import { newest } from "../../ocpi/versions.ts";
import type { Target, Writer } from "../../ports/objects.ts";
import type { Ports } from "../../ports.ts";
import { mediaType, unpacked } from "../body.ts";
import { ImportLine, importObjects } from "../import.ts";
import { shown } from "../model-view.ts";
import { readOwn, type Said } from "../own-objects.ts";
import type { Refusal } from "../problem.ts";
import { type Answer, type Row, row, type Schema } from "../table.ts";
import { locationParts, type ObjectKind, objectKinds, type Place, targetOf } from "./object-kinds.ts";
import { tag, tokenQuery } from "./object-reads.ts";

const NDJSON = "application/x-ndjson";

/** The operator's hand in storage: own objects, said in the newest version. */
export const operatorWriter: Writer = { actor: { kind: "operator" }, partner: null, origin: newest.number };

/** Body of a roaming object: its shape is checked by {@link readOwn}, with what the URL says filled in. */
const AnyObject = v.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "is not a JSON object",
);

/** A place in a module's tree with the target its path names. */
interface Spot extends Place {
  target(params: Record<string, string>, query: unknown): Target;
  tokens: boolean;
  example: unknown;
}

function spotsOf(kind: ObjectKind): Spot[] {
  const target = (params: Record<string, string>, query: unknown) =>
    targetOf(kind, params, (query as { type?: string } | undefined)?.type);
  const parts = kind.module === "locations" ? locationParts : [];
  const whole: Place = {
    path: `/${kind.module}/{country_code}/{party_id}/{${kind.idParam}}`,
    kind: kind.kind,
    schema: kind.schema,
    said: (params) => ({
      country_code: (params.country_code ?? "").toUpperCase(),
      party_id: (params.party_id ?? "").toUpperCase(),
      [kind.idParam]: params[kind.idParam] ?? "",
    }),
  };
  return [whole, ...parts].map((place, depth) => ({
    ...place,
    target,
    tokens: kind.module === "tokens",
    example: depth === 0 ? kind.example : undefined,
  }));
}

function writesOf(spot: Spot): Row[] {
  const { path, kind, schema } = spot;
  const query = spot.tokens ? { query: tokenQuery } : {};
  const content = { "application/json": schema };
  const shared = { limit: "objects" as const, required: true };
  return [
    row({
      id: `put${kind}`,
      method: "PUT",
      path,
      tag,
      summary: `Create or replace an own ${kind}`,
      description:
        "What the URL says may be left out of the body. `last_updated` is set when something changed and none is given.",
      ...query,
      body: {
        ...shared,
        schema: AnyObject,
        documented: `${kind}Input`,
        ...(spot.example ? { example: spot.example } : {}),
      },
      answers: { 201: { description: "Created", content }, 200: { description: "Replaced, or as it was", content } },
      refusals: ["forbidden", "unknown_object", "unavailable", ...(kind === "Session" ? (["ended"] as const) : [])],
      async operate({ ports, params, query, body }) {
        const named = spot.tokens ? { type: typeOf(query, body) } : query;
        const target = spot.target(params, named);
        const read = readOwn(kind, body, saidBy(spot, params, named));
        if (!read.ok) return err((await foreign(ports, target)) ?? { kind: "invalid", faults: read.error });
        if (spot.kind !== "Session") return stored(await putObject(ports, operatorWriter, target, read.value), target);
        return stored(await changeSession(ports, operatorWriter, target, { kind: "put", model: read.value }), target);
      },
    }),
    row({
      id: `patch${kind}`,
      method: "PATCH",
      path,
      tag,
      summary: `Change an own ${kind}`,
      description: "A merge patch (RFC 7396); the result is checked as a PUT would be.",
      ...query,
      body: { ...shared, schema: AnyObject, also: ["application/merge-patch+json"], documented: `${kind}Patch` },
      answers: { 200: { description: `The ${kind} as it is now`, content } },
      refusals: ["forbidden", "unknown_object", "unavailable", ...(kind === "Session" ? (["ended"] as const) : [])],
      async operate({ ports, params, query, body }) {
        const target = spot.target(params, query);
        if (spot.kind === "Session")
          return stored(await changeSession(ports, operatorWriter, target, { kind: "merge", patch: body }), target);
        const said = saidBy(spot, params, query);
        return stored(
          await patchObject(ports, operatorWriter, target, (object) => patched(spot, object, body, said)),
          target,
        );
      },
    }),
  ];
}

/** The type of a Token to PUT: the URL's, else the body's, else the default. */
function typeOf(query: unknown, body: JsonObject): string {
  const said = (query as { type?: string } | undefined)?.type ?? body.type;
  return typeof said === "string" && said !== "" ? said : DEFAULT_TOKEN_TYPE;
}

/** The object with a merge patch applied, read as a PUT. Its time is only kept when the patch gives one. */
function patched(spot: Spot, object: JsonObject, patch: JsonObject, said: Said): Result<JsonObject, Fault[]> {
  const { last_updated: _, ...rest } = shown(object);
  return readOwn(spot.kind, mergePatch(rest as JsonValue, patch), said);
}

/** The refusal for an object of somebody else: what is wrong with it does not matter then. Storage itself refuses it too. */
async function foreign(ports: Pick<Ports, "parties">, { country_code, party_id }: Target): Promise<Refusal | null> {
  const parties = await ports.parties.list();
  const isOwn = parties.some((party) => party.country_code === country_code && party.party_id === party_id);
  return isOwn ? null : { kind: "forbidden", message: `${country_code}*${party_id} is not one of our parties` };
}

function saidBy(spot: Spot, params: Record<string, string>, query: unknown): Said {
  const type = spot.tokens ? { type: (query as { type?: string }).type ?? DEFAULT_TOKEN_TYPE } : {};
  return { ...spot.said(params), ...type };
}

type Stored = Awaited<ReturnType<typeof putObject>>;

function stored(result: Stored, target: Target): Result<Answer, Refusal> {
  if (!result.ok) {
    if (result.error === "stale") throw new Error("an operator's write cannot be stale");
    return err(result.error);
  }
  const { outcome, object } = result.value;
  return ok({ status: outcome === "created" ? 201 : 200, json: shown(partOf(assemble(object), target)) });
}

function deletionOf(kind: ObjectKind): Row {
  return row({
    id: `delete${kind.kind}`,
    method: "DELETE",
    path: `/${kind.module}/{country_code}/{party_id}/{${kind.idParam}}`,
    tag,
    summary: `Delete an own ${kind.kind}`,
    answers: { 204: { description: "Deleted" } },
    refusals: ["forbidden", "unknown_object", "unavailable"],
    async operate({ ports, params }) {
      const target = targetOf(kind, params, undefined);
      const result = await deleteObject(ports, operatorWriter, target);
      if (result.ok) return ok({ status: 204 });
      if (result.error === "stale") throw new Error("an operator's write cannot be stale");
      return err(result.error);
    },
  });
}

/** PUT of a module: many own objects at once. */
export function importOf(kind: ObjectKind): Row {
  return row({
    id: `import${kind.kind}s`,
    method: "PUT",
    path: `/${kind.module}`,
    tag,
    summary: `Import own ${kind.module}, a line each`,
    description:
      "Content-Encoding gzip is taken. Lines are stored as they are read; each gets a line in the answer, in order, blank ones left out, then comes a line with `summary`. You need not read before all is sent. When the upload breaks off, what was complete is stored and `summary.error` says so.",
    body: {
      schema: v.unknown() as Schema,
      limit: "objects",
      required: true,
      stream: NDJSON,
      documented: `${kind.kind}Input`,
    },
    answers: { 200: { description: "A line per line, then the summary", content: { [NDJSON]: ImportLine } } },
    async operate({ ports, request }) {
      if (!/^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)$/.test(mediaType(request))) {
        return err({ kind: "unsupported_encoding", message: `Content-Type must be ${NDJSON}` });
      }
      const source = unpacked(request);
      if (source === null)
        return err({ kind: "unsupported_encoding", message: "Content-Encoding may be gzip, or absent" });
      return ok({ status: 200, body: importObjects(ports, operatorWriter, kind, source), type: NDJSON });
    },
  });
}

/** What the operator writes of roaming objects. */
export const objectWriteRows: Row[] = objectKinds.flatMap((kind) => [
  importOf(kind),
  ...spotsOf(kind).flatMap(writesOf),
  ...(kind.deletable ? [deletionOf(kind)] : []),
]);
