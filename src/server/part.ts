import { partOf } from "../gateway/objects.ts";
import type { JsonObject } from "../lib/json.ts";
import { err, ok, type Result } from "../lib/result.ts";
import type { EVSE } from "../model/locations.ts";
import type { Target } from "../ports/objects.ts";
import type { Ports } from "../ports.ts";
import { type Answer, successText } from "./answer.ts";
import type { ModuleExchange, Refusal } from "./exchange.ts";
import { type Item, translateItems } from "./translate.ts";

/** Answers an object, or the EVSE or Connector of it that a target names, in the caller's version. */
export async function answerPart(
  ports: Pick<Ports, "objects" | "clock" | "log">,
  { route }: ModuleExchange,
  target: Target,
  whole: JsonObject,
  origin: string,
): Promise<Result<Answer, Refusal>> {
  const { version, row } = route;
  const part = partOf(whole, target);
  if (part === null) return err({ kind: "unknown_object", message: `${target.module}/${target.id} has no such part` });
  const item: Item = {
    object: part,
    origin,
    owner: { country_code: target.country_code, party_id: target.party_id },
    lastUpdated: String(part.last_updated ?? whole.last_updated),
  };
  if (target.connector_id !== undefined) {
    const { connector_id: _, ...evse } = target;
    item.evse = partOf(whole, evse) as unknown as EVSE;
  }
  const { texts, losses } = await translateItems(ports, version, row.kind, [item]);
  const text = texts[0] ?? null;
  if (text !== null) return ok(successText(text, { losses }));
  return err({ kind: "not_representable", message: losses[0]?.reason ?? `OCPI ${version.number} cannot say this` });
}
