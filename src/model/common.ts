import type * as v from "valibot";
import {
  bool,
  ci,
  closedEnum,
  code,
  dateTime,
  integer,
  list,
  number,
  object,
  openEnum,
  optional,
  text,
  url,
} from "./atoms.ts";
import { energySources, environmentalImpacts, imageCategories } from "./enums.ts";

/** An image by reference. Sizes in pixels. Spec: 2.3.0 mod_locations, Image. */
export const Image = object("Image", {
  url: optional(url()),
  thumbnail: optional(url()),
  category: optional(openEnum("ImageCategory", imageCategories)),
  type: optional(ci(4)),
  width: optional(integer(5)),
  height: optional(integer(5)),
});

/** Who stands behind a party or a Location. Spec: 2.3.0 mod_locations, BusinessDetails. */
export const BusinessDetails = object("BusinessDetails", {
  name: optional(text(100)),
  website: optional(url()),
  logo: optional(Image),
});

/** Text for a human in one language. Spec: 2.3.0 types, DisplayText. */
export const DisplayText = object("DisplayText", { language: optional(code(2)), text: optional(text(512)) });

/** Share of an energy source in percent. Spec: 2.3.0 mod_locations, EnergySource. */
export const EnergySource = object("EnergySource", {
  source: optional(closedEnum("EnergySourceCategory", energySources)),
  percentage: optional(number()),
});

/** Environmental impact in g/kWh. Spec: 2.3.0 mod_locations, EnvironmentalImpact. */
export const EnvironmentalImpact = object("EnvironmentalImpact", {
  category: optional(openEnum("EnvironmentalImpactCategory", environmentalImpacts)),
  amount: optional(number()),
});

/** Where the energy comes from. Spec: 2.3.0 mod_locations, EnergyMix. */
export const EnergyMix = object("EnergyMix", {
  is_green_energy: optional(bool()),
  energy_sources: list(EnergySource),
  environ_impact: list(EnvironmentalImpact),
  supplier_name: optional(text(64)),
  energy_product_name: optional(text(64)),
});

/** When something was last changed by its owner, which nobody else alters. */
export const lastUpdated = () => optional(dateTime());

export type Image = v.InferOutput<typeof Image>;
export type BusinessDetails = v.InferOutput<typeof BusinessDetails>;
export type DisplayText = v.InferOutput<typeof DisplayText>;
export type EnergyMix = v.InferOutput<typeof EnergyMix>;
