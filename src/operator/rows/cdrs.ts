import * as v from "valibot";
import { assemble, putObject } from "../../gateway/objects.ts";
import type { JsonObject } from "../../lib/json.ts";
import { err, ok } from "../../lib/result.ts";
import { shown } from "../model-view.ts";
import { readOwn } from "../own-objects.ts";
import { row } from "../table.ts";
import { cdrKind, targetOf } from "./object-kinds.ts";
import { tag } from "./object-reads.ts";
import { importOf, operatorWriter } from "./object-writes.ts";

/** Its shape is checked by {@link readOwn}. */
const AnyObject = v.custom<JsonObject>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "is not a JSON object",
);

const content = { "application/json": cdrKind.schema };

/** What the operator writes of CDRs: each once. */
export const cdrRows = [
  importOf(cdrKind),
  row({
    id: "postCDR",
    method: "POST",
    path: "/cdrs",
    tag,
    summary: "Issue a CDR",
    description:
      "It goes to the eMSP that owns the token, and to nobody else, until that has answered. A CDR never changes: the same again is 200, another one with its id 409. To take one back, issue a credit CDR (`credit`, `credit_reference_id`) with an id of its own and `total_cost` negated. Dimensions that only Sessions may have are left out.",
    body: { schema: AnyObject, documented: "CDRInput", limit: "objects", required: true, example: cdrKind.example },
    answers: { 201: { description: "Issued", content }, 200: { description: "It was issued before", content } },
    refusals: ["forbidden", "conflict", "unavailable"],
    async operate({ ports, body, base }) {
      const read = readOwn("CDR", body, {});
      if (!read.ok) return err({ kind: "invalid", faults: read.error });
      const cdr = read.value;
      const { country_code, party_id, id } = cdr as { country_code: string; party_id: string; id: string };
      const target = targetOf(cdrKind, { country_code, party_id, id }, undefined);
      const done = await putObject(ports, operatorWriter, target, cdr);
      if (!done.ok) {
        if (done.error === "stale") throw new Error("an operator's write cannot be stale");
        return err(done.error);
      }
      const { outcome, object } = done.value;
      const path = [country_code, party_id, object.id].map(encodeURIComponent).join("/");
      const headers = { Location: `${base}/api/v1/cdrs/${path}` };
      return ok({ status: outcome === "created" ? 201 : 200, json: shown(assemble(object)), headers });
    },
  }),
];
