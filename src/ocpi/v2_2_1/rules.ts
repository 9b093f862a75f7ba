import { hubByRole } from "../v2_3_0/hub.ts";
import { rules as v230 } from "../v2_3_0/rules.ts";
import { DROP, type Rules } from "../walker/rules.ts";
import { inclVat } from "./price.ts";
import { pricesBeforeTax, taxIncludedReason } from "./tax.ts";
import { namedToken, typeOfStored } from "./token.ts";

/** How 2.2.1 differs from the model beyond what it lacks. */
export const rules: Rules = {
  ...v230,
  classes: {
    ...v230.classes,
    Credentials: { bridges: [hubByRole] },
    Tariff: {
      fill: v230.classes.Tariff?.fill,
      prepare: pricesBeforeTax,
      absent: { tax_included: taxIncludedReason },
    },
    // An element for bookings would price charging if its restriction were merely left out.
    TariffElement: {
      prepare: (element, run) => {
        const restrictions = element.restrictions as { booking?: unknown } | null | undefined;
        if (restrictions?.booking == null) return element;
        run.reason = `${run.version} has no bookings`;
        return DROP;
      },
    },
    CdrToken: { ...v230.classes.CdrToken, bridges: [typeOfStored] },
    PriceLimit: { rename: { excl_vat: "before_taxes", incl_vat: "after_taxes" } },
    Price: { rename: { excl_vat: "before_taxes" }, bridges: [inclVat] },
  },
  enums: {
    ...v230.enums,
    Role: { PTP: "OTHER" },
    CdrDimensionType: { RESERVATION_EXPIRES: "RESERVATION_TIME" },
    ImageCategory: { "*": "OTHER" },
    ParkingRestriction: { EMPLOYEES: "CUSTOMERS", TENANTS: "CUSTOMERS" },
    TokenType: { "*": "OTHER" },
  },
  needsUp: { Session: namedToken, CDR: namedToken },
};
