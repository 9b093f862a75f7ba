import type * as v from "valibot";
import { ci, closedEnum, code, dateTime, id, integer, list, number, object, optional, pattern, url } from "./atoms.ts";
import { DisplayText, EnergyMix, lastUpdated } from "./common.ts";
import {
  bookingRestrictions,
  daysOfWeek,
  reservationRestrictions,
  tariffDimensions,
  tariffTypes,
  taxIncluded,
} from "./enums.ts";
import { timeForm } from "./locations.ts";

/** `YYYY-MM-DD`. Spec: 2.2.1 mod_tariffs, TariffRestrictions. */
export const dateForm = /^[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** A price per unit of a dimension: kWh (step Wh), hour (step s), once. `vat` in percent. Spec: 2.3.0 mod_tariffs, PriceComponent. */
export const PriceComponent = object("PriceComponent", {
  type: optional(closedEnum("TariffDimensionType", tariffDimensions)),
  price: optional(number()),
  vat: optional(number()),
  step_size: optional(integer()),
});

/**
 * When an element applies. Times and dates local to the Location, kWh, A (sum of phases), kW, seconds.
 * `booking` belongs to the bookings module of 2.3.0. Spec: 2.3.0 mod_tariffs, TariffRestrictions.
 */
export const TariffRestrictions = object("TariffRestrictions", {
  start_time: optional(pattern(5, timeForm)),
  end_time: optional(pattern(5, timeForm)),
  start_date: optional(pattern(10, dateForm)),
  end_date: optional(pattern(10, dateForm)),
  min_kwh: optional(number()),
  max_kwh: optional(number()),
  min_current: optional(number()),
  max_current: optional(number()),
  min_power: optional(number()),
  max_power: optional(number()),
  min_duration: optional(integer()),
  max_duration: optional(integer()),
  day_of_week: list(closedEnum("DayOfWeek", daysOfWeek)),
  reservation: optional(closedEnum("ReservationRestrictionType", reservationRestrictions)),
  booking: optional(closedEnum("BookingRestrictionType", bookingRestrictions)),
});

/** Prices that apply together. Spec: 2.3.0 mod_tariffs, TariffElement. */
export const TariffElement = object("TariffElement", {
  price_components: list(PriceComponent),
  restrictions: optional(TariffRestrictions),
});

/** A bound on the total, before and after taxes. Spec: 2.3.0 types, PriceLimit. */
export const PriceLimit = object("PriceLimit", {
  before_taxes: optional(number()),
  after_taxes: optional(number()),
});

/** A tariff. `preauthorize_amount` belongs to the payments module of 2.3.0. Spec: 2.3.0 mod_tariffs, Tariff. */
export const Tariff = object("Tariff", {
  country_code: ci(2),
  party_id: ci(3),
  id: id(36),
  currency: optional(code(3)),
  type: optional(closedEnum("TariffType", tariffTypes)),
  tariff_alt_text: list(DisplayText),
  tariff_alt_url: optional(url()),
  min_price: optional(PriceLimit),
  max_price: optional(PriceLimit),
  preauthorize_amount: optional(number()),
  elements: list(TariffElement),
  tax_included: optional(closedEnum("TaxIncluded", taxIncluded)),
  start_date_time: optional(dateTime()),
  end_date_time: optional(dateTime()),
  energy_mix: optional(EnergyMix),
  last_updated: lastUpdated(),
});

export type PriceComponent = v.InferOutput<typeof PriceComponent>;
export type TariffElement = v.InferOutput<typeof TariffElement>;
export type Tariff = v.InferOutput<typeof Tariff>;
