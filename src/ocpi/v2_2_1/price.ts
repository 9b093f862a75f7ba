import { add, type Decimal, fromNumber, subtract, toNumber } from "../../lib/decimal.ts";
import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { joinPointer } from "../../lib/pointer.ts";
import type { Bridge, DownRun } from "../walker/rules.ts";

/** Name of the only tax 2.2.1 knows. Spec: 2.2.1 types, Price. */
const VAT = "VAT";

/** Sum of a list of taxes; undefined when an amount is missing. */
function sumOf(taxes: readonly JsonValue[]): Decimal | undefined {
  let sum: Decimal = { units: 0n, scale: 0 };
  for (const tax of taxes) {
    const amount = isObject(tax) && typeof tax.amount === "number" ? fromNumber(tax.amount) : undefined;
    if (amount === undefined) return undefined;
    sum = add(sum, amount);
  }
  return sum;
}

/** What a single tax says beyond an amount of VAT. */
function loseDetails(tax: JsonObject, run: DownRun): void {
  for (const key of Object.keys(tax)) {
    if (key === "amount" || tax[key] == null || (key === "name" && tax.name === VAT)) continue;
    run.losses.push({ pointer: joinPointer("taxes", 0, key), reason: `${run.version} says the amount of tax only` });
  }
}

/** `incl_vat` is what comes to `before_taxes` with all taxes. Spec: 2.2.1 types, Price; 2.3.0 types, Price, TaxAmount. */
export const inclVat: Bridge = {
  wire: ["incl_vat"],
  model: ["taxes"],
  up: ({ excl_vat, incl_vat }) => {
    const net = typeof excl_vat === "number" ? fromNumber(excl_vat) : undefined;
    const gross = typeof incl_vat === "number" ? fromNumber(incl_vat) : undefined;
    if (net === undefined || gross === undefined) return {};
    return { taxes: [{ name: VAT, amount: toNumber(subtract(gross, net)) }] };
  },
  down: ({ before_taxes, taxes }, run) => {
    if (!Array.isArray(taxes) || taxes.length === 0) return {};
    const net = typeof before_taxes === "number" ? fromNumber(before_taxes) : undefined;
    const sum = sumOf(taxes);
    if (net === undefined || sum === undefined) {
      run.losses.push({ pointer: "/taxes", reason: "the amount of a tax is not said" });
      return {};
    }
    const [only] = taxes;
    if (taxes.length === 1 && isObject(only)) loseDetails(only, run);
    else run.losses.push({ pointer: "/taxes", reason: `${run.version} says several taxes as one sum` });
    return { incl_vat: toNumber(add(net, sum)) };
  },
};
