import { add, type Decimal, fromNumber, toNumber } from "../../lib/decimal.ts";
import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { chargingTime } from "../v2_3_0/cdrs.ts";
import type { Bridge } from "../walker/rules.ts";

const exact = (value: JsonValue | undefined): Decimal | undefined =>
  typeof value === "number" ? fromNumber(value) : undefined;

/** Sum of the volumes of a type, for a list may have it more than once; undefined when it has none. */
function sumOf(dimensions: readonly JsonObject[], type: string): number | undefined {
  const volumes = dimensions.filter((dimension) => dimension.type === type).map(({ volume }) => volume);
  const known = volumes.map(exact).filter((volume) => volume !== undefined);
  return known.length === 0 ? undefined : toNumber(known.reduce(add));
}

/**
 * Totals are a list of dimensions, in which TIME is the time charging; later total_time is that of the whole session.
 * Spec: 2.0 mod_cdrs, CDR, DimensionType; 2.1.1 mod_cdrs, CDR.
 */
export const totalUsage: Bridge = {
  wire: ["total_usage"],
  model: ["total_energy", "total_time", "total_parking_time"],
  up: ({ total_usage: usage }, _, walk) => {
    if (!Array.isArray(usage)) return {};
    const dimensions = (walk("total_usage", usage) as JsonValue[]).filter(isObject);
    const energy = sumOf(dimensions, "ENERGY");
    const charging = sumOf(dimensions, "TIME");
    const parking = sumOf(dimensions, "PARKING_TIME");
    const time = add(exact(charging ?? 0) as Decimal, exact(parking ?? 0) as Decimal);
    return {
      ...(energy !== undefined && { total_energy: energy }),
      // The parking alone is not all of the session.
      ...(charging !== undefined && { total_time: toNumber(time) }),
      ...(parking !== undefined && { total_parking_time: parking }),
    };
  },
  down: ({ total_energy, total_time, total_parking_time }, _, walk) => {
    const usage: JsonObject[] = [];
    const say = (type: string, value: JsonValue | undefined, volume: JsonValue | undefined, pointer: string): void => {
      if (value === undefined || value === null) return;
      const said = walk("total_usage", { type, volume }, pointer);
      if (isObject(said)) usage.push(said);
    };
    const time = typeof total_time === "number" ? chargingTime(total_time, total_parking_time) : total_time;
    say("ENERGY", total_energy, total_energy, "/total_energy");
    say("TIME", total_time, time, "/total_time");
    say("PARKING_TIME", total_parking_time, total_parking_time, "/total_parking_time");
    return usage.length === 0 ? {} : { total_usage: usage };
  },
};
