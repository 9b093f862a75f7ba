import type { OcpiObject } from "../../sandbox/types.ts";
import { atLeast, type Version } from "../../sandbox/versions.ts";
import { idIn, type Name } from "./hub.ts";

/** What becomes of one field between versions. */
export interface Translation {
  name: Name;
  /** Why it is so, in few words. */
  what: string;
  from: (version: Version) => boolean;
  to: (version: Version) => boolean;
  /** In the object that is received. */
  pointer: string;
  /** undefined: not there. */
  value: unknown | ((from: Version, to: Version) => unknown);
  /** The journal has a loss at this pointer; true: at the one above. */
  loss?: string | true;
}

type Span = (version: Version) => boolean;

const any: Span = () => true;
const old: Span = (version) => !atLeast(version, "2.2");
const modern: Span = (version) => atLeast(version, "2.2");
const since =
  (first: Version): Span =>
  (version) =>
    atLeast(version, first);
const until =
  (last: Version): Span =>
  (version) =>
    atLeast(last, version);
const only =
  (wanted: Version): Span =>
  (version) =>
    version === wanted;
const between =
  (first: Version, last: Version): Span =>
  (version) =>
    atLeast(version, first) && atLeast(last, version);

const row = (
  name: Name,
  from: Span,
  to: Span,
  pointer: string,
  value: Translation["value"],
  what: string,
  loss?: Translation["loss"],
): Translation => ({ name, from, to, pointer, value, what, ...(loss === undefined ? {} : { loss }) });

/** The translations that matter most; the reference is the standard's field tables of both versions. */
export const TRANSLATIONS: readonly Translation[] = [
  // Locations upwards: what newer versions require and older ones do not have is found elsewhere.
  row("garage", old, modern, "/country_code", "NL", "the owner is that of the connection"),
  row("garage", old, modern, "/publish", true, "what was sent to us was meant to be seen"),
  row("garage", old, modern, "/parking_type", "UNDERGROUND_GARAGE", "type is now parking_type"),
  row("garage", old, modern, "/type", undefined, "type is now parking_type"),
  row("garage", old, modern, "/time_zone", "Europe/Amsterdam", "given in 2.1.1, found from the coordinates in 2.0"),
  row("unpublished", old, modern, "/time_zone", "Europe/Amsterdam", "found from the coordinates"),
  row("unpublished", old, modern, "/parking_type", "ON_STREET", "type is now parking_type"),
  row("garage", old, modern, "/opening_times/twentyfourseven", false, "required from 2.2 on"),
  row("garage", old, modern, "/evses/0/connectors/0/max_voltage", 230, "voltage is now max_voltage"),
  row("garage", old, modern, "/evses/0/connectors/0/max_amperage", 32, "amperage is now max_amperage"),
  row("garage", old, modern, "/evses/0/connectors/0/tariff_ids", (from: Version) => [idIn(from, "day")], "a list now"),
  row("garage", only("2.1.1"), modern, "/energy_mix/environ_impact/0/category", "CARBON_DIOXIDE", "was source"),
  row("garage", only("2.0"), any, "/evses/2/status", "REMOVED", "a removed EVSE stays one"),

  // Locations downwards.
  row("garage", modern, old, "/country_code", undefined, "the URL says whose it is"),
  row("garage", modern, old, "/type", "UNDERGROUND_GARAGE", "parking_type was type"),
  row("garage", modern, old, "/state", undefined, "no such field", true),
  row("garage", modern, old, "/evses/0/connectors/0/voltage", 230, "max_voltage was voltage"),
  row("garage", modern, old, "/evses/0/connectors/0/max_voltage", undefined, "max_voltage was voltage"),
  row("garage", modern, old, "/evses/0/connectors/0/max_electric_power", undefined, "no such field", true),
  row(
    "garage",
    modern,
    old,
    "/evses/0/connectors/0/tariff_id",
    (from: Version) => idIn(from, "day"),
    "the regular one",
  ),
  row(
    "garage",
    modern,
    only("2.1.1"),
    "/evses/0/capabilities",
    ["RFID_READER", "RESERVABLE", "CHARGING_PROFILE_CAPABLE", "REMOTE_START_STOP_CAPABLE", "UNLOCK_CAPABLE"],
    "only those that 2.1.1 has",
    "/evses/0/capabilities/5",
  ),
  row(
    "garage",
    since("2.1.1"),
    only("2.0"),
    "/evses/0/capabilities",
    ["RFID_READER", "RESERVABLE", "CHARGING_PROFILE_CAPABLE"],
    "only those that 2.0 has",
    "/evses/0/capabilities/3",
  ),
  row("garage", modern, only("2.1.1"), "/energy_mix/environ_impact/0/source", "CARBON_DIOXIDE", "category was source"),
  row("garage", since("2.1.1"), only("2.0"), "/energy_mix", undefined, "no such field"),
  row("garage", since("2.1.1"), only("2.0"), "/evses/0/connectors/0/status", "AVAILABLE", "that of its EVSE"),
  row("garage", since("2.1.1"), only("2.0"), "/evses/1/connectors/0/status", "CHARGING", "that of its EVSE"),
  row("garage", since("2.1.1"), only("2.0"), "/last_updated", undefined, "no such field"),

  // Between the newer ones.
  row(
    "garage",
    since("2.2.1"),
    only("2.2"),
    "/evses/0/capabilities/7",
    undefined,
    "START_SESSION_CONNECTOR_REQUIRED",
    true,
  ),
  row("garage", only("2.3.0"), until("2.2.1"), "/parking_places", undefined, "no such field", true),
  row("garage", only("2.3.0"), until("2.2.1"), "/help_phone", undefined, "no such field", true),
  row("garage", only("2.3.0"), until("2.2.1"), "/evses/0/parking", undefined, "no such field"),
  row("garage", only("2.3.0"), until("2.2.1"), "/evses/0/accepted_service_providers", undefined, "no such field"),
  row("garage", only("2.3.0"), between("2.2", "2.2.1"), "/facilities/3", "METRO_STATION", "known since 2.2"),
  row(
    "unpublished",
    modern,
    modern,
    "/publish_allowed_to/0/uid",
    (from: Version) => idIn(from, "card"),
    "whom it may be shown to",
  ),

  row(
    "garage",
    only("2.3.0"),
    until("2.2.1"),
    "/evses/0/parking_restrictions",
    ["EV_ONLY", "CUSTOMERS"],
    "TENANTS",
    "/evses/0/parking_restrictions/2",
  ),

  // Tariffs.
  row("day", old, modern, "/country_code", "NL", "the owner is that of the connection"),
  row("day", old, modern, "/elements/0/price_components/0/price", 0.5, "a number"),
  row("day", since("2.1.1"), only("2.0"), "/elements/0/price_components/0/price", "0.5", "a decimal in a string"),
  row("day", only("2.0"), only("2.0"), "/elements/0/price_components/0/price", "0.50", "as it was written"),
  row("day", until("2.2.1"), only("2.3.0"), "/tax_included", "NO", "prices were without taxes"),
  row("day", only("2.3.0"), until("2.2.1"), "/tax_included", undefined, "prices are without taxes"),
  row("day", between("2.2", "2.2.1"), only("2.3.0"), "/min_price", { before_taxes: 1, after_taxes: 1.2 }, "PriceLimit"),
  row("day", only("2.3.0"), between("2.2", "2.2.1"), "/min_price", { excl_vat: 1, incl_vat: 1.2 }, "was a Price"),
  row("day", modern, old, "/min_price", undefined, "no such field"),
  row("day", modern, old, "/type", undefined, "regular is what a tariff without a type is"),
  row("day", modern, only("2.1.1"), "/last_updated", "2024-01-15T10:00:00Z", "no fractions of a second"),
  row("day", modern, old, "/elements/6", undefined, "elements of a reservation or a current have no meaning there"),
  row("day", modern, old, "/elements/5/price_components/0/type", "ENERGY", "the element for everything else stays"),
  row(
    "day",
    modern,
    old,
    "/elements/5/restrictions",
    { start_date: "2024-01-01", end_date: "2027-01-01" },
    "the validity of the tariff stands on each element",
  ),

  // Tokens.
  row("card", old, modern, "/contract_id", "DE-RWM-C00042-7", "auth_id is now contract_id"),
  row("card", old, modern, "/country_code", "DE", "the owner is that of the connection"),
  row("card", modern, old, "/auth_id", "DE-RWM-C00042-7", "contract_id was auth_id"),
  row("card", modern, old, "/group_id", undefined, "no such field", true),
  row("card", only("2.0"), since("2.1.1"), "/whitelist", "ALLOWED", "allow_whitelist true"),
  row("card", since("2.1.1"), only("2.0"), "/allow_whitelist", true, "ALLOWED may stand on a list"),
  row("app", modern, old, "/type", "OTHER", "only RFID and OTHER there", true),
  row("app", modern, modern, "/type", "APP_USER", "known since 2.2"),
  row("card", modern, only("2.1.1"), "/last_updated", "2024-02-20T16:05:00Z", "no fractions of a second"),
  row("card", modern, modern, "/last_updated", "2024-02-20T16:05:00.250Z", "never changed on the way"),
];

/** The value at a JSON Pointer; undefined when there is none. */
export function valueAt(object: OcpiObject | undefined, pointer: string): unknown {
  return pointer
    .slice(1)
    .split("/")
    .reduce<unknown>((at, key) => (at as OcpiObject | undefined)?.[key], object);
}
