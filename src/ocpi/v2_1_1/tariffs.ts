import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { parseLooseTime, sayable } from "../../lib/time.ts";
import type { Connector, EVSE, Location } from "../../model/locations.ts";
import type { Tariff } from "../../model/tariffs.ts";
import { IMPLIED, type References } from "../codec.ts";
import { pricesBeforeTax } from "../v2_2_1/tax.ts";
import { type Bridge, type DownRun, DROP } from "../walker/rules.ts";

const DAY = 86_400_000;

/** Restrictions of 2.2 and later that a tariff element cannot be said without: charging would be priced by it always. */
const untold = ["min_current", "max_current", "reservation", "booking"];

/** An element whose restrictions this version lacks is dropped whole. Spec: 2.2.1 mod_tariffs, TariffRestrictions. */
export function dropUntoldElement(element: JsonObject, run: DownRun): JsonObject | typeof DROP {
  const { restrictions } = element;
  const field = isObject(restrictions) ? untold.find((name) => restrictions[name] != null) : undefined;
  if (field === undefined) return element;
  run.reason = `${run.version} has no restriction ${field}, and the element means something else without`;
  return DROP;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The day before which a tariff that is valid until then ends; undefined when no date says it: it is valid for ever. */
function lastDay(until: number): string | undefined {
  const ms = sayable(until + DAY - 1);
  return ms === undefined ? undefined : dayOf(ms);
}

/** The validity of a tariff as dates of each element, to the day: wider where the time of day is not midnight. */
function validityOnElements(tariff: JsonObject, run: DownRun): JsonObject {
  const from = typeof tariff.start_date_time === "string" ? parseLooseTime(tariff.start_date_time) : undefined;
  const until = typeof tariff.end_date_time === "string" ? parseLooseTime(tariff.end_date_time) : undefined;
  const start = from === undefined ? undefined : dayOf(from);
  const end = until === undefined ? undefined : lastDay(until);
  if ((start === undefined && end === undefined) || !Array.isArray(tariff.elements)) return tariff;
  const elements = tariff.elements.map((element, index): JsonValue => {
    if (!isObject(element)) return element;
    const restrictions = isObject(element.restrictions) ? { ...element.restrictions } : {};
    const narrow = (
      field: "start_date" | "end_date",
      date: string | undefined,
      wider: (own: string) => boolean,
    ): void => {
      const own = restrictions[field];
      if (date === undefined || (typeof own === "string" && !wider(own))) return;
      if (typeof own === "string" && own !== date) {
        const pointer = `/elements/${index}/restrictions/${field}`;
        run.losses.push({ pointer, reason: `said as ${date}, the tariff's own` });
      }
      restrictions[field] = date;
    };
    narrow("start_date", start, (own) => own <= (start ?? ""));
    narrow("end_date", end, (own) => own >= (end ?? ""));
    return { ...element, restrictions };
  });
  return { ...tariff, elements };
}

/**
 * A tariff as 2.0 and 2.1.1 would put it: prices before tax, validity as dates on the elements. An AD_HOC_PAYMENT tariff
 * is not for drivers with a contract, which these versions cannot say. Spec: 2.1.1 mod_tariffs; 2.2.1 mod_tariffs, TariffType.
 */
export function plainTariff(tariff: JsonObject, run: DownRun): JsonObject | typeof DROP {
  if (tariff.type === "AD_HOC_PAYMENT") {
    run.reason = `${run.version} has no tariffs for ad hoc payment alone`;
    return DROP;
  }
  const priced = pricesBeforeTax(tariff, run);
  return priced === DROP ? DROP : validityOnElements(priced, run);
}

/** Why the validity of a tariff is listed as a loss though it is said; an end that no date says is none. */
export function validityReason(time: JsonValue): string {
  const ms = typeof time === "string" ? parseLooseTime(time) : undefined;
  return ms !== undefined && lastDay(ms) === undefined ? IMPLIED : "said as dates of each element, to the day";
}

const isFit = (tariff: Tariff): boolean => tariff.type == null || tariff.type === "REGULAR";

/** Whether a tariff is valid at `now` (epoch ms); always when `now` is not known. */
function isActive(tariff: Tariff, now: number | undefined): boolean {
  if (now === undefined) return true;
  const from = tariff.start_date_time == null ? undefined : parseLooseTime(tariff.start_date_time);
  const until = tariff.end_date_time == null ? undefined : parseLooseTime(tariff.end_date_time);
  return (from ?? now) <= now && now < (until ?? now + 1);
}

/** Index of the tariff a connector with one is said to have; -1 when none will do. */
function chooseTariff(ids: readonly JsonValue[], run: DownRun): number {
  if (ids.length < 2) return ids.length - 1;
  const known = run.context.references?.tariffs;
  const tariffOf = (id: JsonValue): Tariff | undefined => known?.get(String(id));
  const fits = (id: JsonValue): boolean => {
    const tariff = tariffOf(id);
    return tariff !== undefined && isFit(tariff) && isActive(tariff, run.context.now);
  };
  const fit = ids.findIndex(fits);
  return fit >= 0 ? fit : ids.findIndex((id) => tariffOf(id) === undefined);
}

/** `tariff_id` is one of `tariff_ids`: the active one for everybody. Spec: 2.1.1 and 2.2.1 mod_locations, Connector. */
export const oneTariff: Bridge = {
  wire: ["tariff_id"],
  model: ["tariff_ids"],
  up: ({ tariff_id }) => ({ tariff_ids: tariff_id == null ? (tariff_id as null) : [tariff_id] }),
  down: (object, run, walk) => {
    const ids = object.tariff_ids;
    if (!Array.isArray(ids)) return run.relay && ids === null ? { tariff_id: null } : {};
    const chosen = chooseTariff(ids, run);
    for (const index of ids.keys()) {
      if (index !== chosen) {
        run.losses.push({ pointer: `/tariff_ids/${index}`, reason: `${run.version} has one tariff on a connector` });
      }
    }
    if (chosen < 0) return {};
    const said = walk("tariff_id", ids[chosen] as JsonValue, `/tariff_ids/${chosen}`);
    return said === undefined ? {} : { tariff_id: said };
  },
};

const ofConnector = (connector: Connector): readonly string[] =>
  (connector.tariff_ids?.length ?? 0) > 1 ? (connector.tariff_ids ?? []) : [];
const ofEvse = (evse: EVSE): readonly string[] => (evse.connectors ?? []).flatMap(ofConnector);
const named = (tariffs: readonly string[]): References => ({ tariffs: [...new Set(tariffs)] });

/** The tariffs to choose from, where a connector has several. */
export const tariffNeeds = {
  Location: (location: Location): References => named((location.evses ?? []).flatMap(ofEvse)),
  EVSE: (evse: EVSE): References => named(ofEvse(evse)),
  Connector: (connector: Connector): References => named(ofConnector(connector)),
};
