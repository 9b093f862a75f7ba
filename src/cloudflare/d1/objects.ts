import type { ObjectReader, ObjectWriter } from "../../ports/objects.ts";
import type { Clock } from "../../ports/world.ts";
import { objectReader } from "./object-reader.ts";
import { objectWriter } from "./object-writer.ts";

/**
 * Roaming objects in D1. Every function is one call, authentication's epoch check included: the call is what costs.
 * README.md beside this file documents the tables.
 */
export const objectStore = (db: D1Database, clock: Clock): ObjectReader & ObjectWriter => ({
  ...objectReader(db),
  ...objectWriter(db, clock),
});
