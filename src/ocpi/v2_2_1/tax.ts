import { add, divide, fromNumber, toNumber } from "../../lib/decimal.ts";
import { isObject, type JsonObject, type JsonValue } from "../../lib/json.ts";
import { IMPLIED } from "../codec.ts";
import { type DownRun, DROP } from "../walker/rules.ts";

/** Decimals of a price that tax was taken out of: beyond the four the standard asks for, so that many kWh do not show it. */
const PRICE_DECIMALS = 8;

/** A tariff with each of its price components replaced; DROP when one cannot be. */
function mapComponents(
  tariff: JsonObject,
  change: (component: JsonObject, pointer: string) => JsonObject | typeof DROP,
): JsonObject | typeof DROP {
  if (!Array.isArray(tariff.elements)) return tariff;
  const elements: JsonValue[] = [];
  for (const [e, element] of tariff.elements.entries()) {
    if (!isObject(element) || !Array.isArray(element.price_components)) {
      elements.push(element);
      continue;
    }
    const components: JsonValue[] = [];
    for (const [c, component] of element.price_components.entries()) {
      const changed = isObject(component) ? change(component, `/elements/${e}/price_components/${c}`) : component;
      if (changed === DROP) return DROP;
      components.push(changed);
    }
    elements.push({ ...element, price_components: components });
  }
  return { ...tariff, elements };
}

/** Price without a tax of `vat` percent that it includes; undefined when the rate makes no sense. */
function netPrice(price: number, vat: number): number | undefined {
  const gross = fromNumber(price);
  const rate = fromNumber(vat);
  if (gross === undefined || rate === undefined || vat <= -100) return undefined;
  const factor = add({ units: 1n, scale: 0 }, { units: rate.units, scale: rate.scale + 2 });
  return toNumber(divide(gross, factor, PRICE_DECIMALS));
}

/**
 * A tariff as a version without `tax_included` means it, where every price is before tax: tax is taken out of prices that
 * include it, and a rate is left out where no tax applies. A price that includes an unknown tax cannot be said.
 * Spec: 2.3.0 types, TaxIncluded; 2.2.1 mod_tariffs, PriceComponent.
 */
export function pricesBeforeTax(tariff: JsonObject, run: DownRun): JsonObject | typeof DROP {
  if (tariff.tax_included === "N/A") {
    return mapComponents(tariff, (component, pointer) => {
      if (typeof component.vat !== "number") return component;
      run.losses.push({ pointer: `${pointer}/vat`, reason: "no tax applies to this tariff" });
      return { ...component, vat: undefined };
    });
  }
  if (tariff.tax_included !== "YES") return tariff;
  return mapComponents(tariff, (component, pointer) => {
    const { price, vat } = component;
    if (typeof price !== "number" || price === 0) return component;
    const net = typeof vat === "number" ? netPrice(price, vat) : undefined;
    if (net === undefined) {
      run.reason = "a price includes a tax whose rate is not said";
      return DROP;
    }
    run.losses.push({ pointer: `${pointer}/price`, reason: `said without tax in ${run.version}: ${net}` });
    return { ...component, price: net };
  });
}

/** Why `tax_included` itself is not said in a version where a missing `vat` means that no tax applies. */
export function taxIncludedReason(value: JsonValue, tariff: JsonObject, run: DownRun): string {
  if (value === "YES") return `prices are said without tax in ${run.version}`;
  if (value === "N/A") return IMPLIED;
  let silent = false;
  mapComponents(tariff, (component) => {
    if (typeof component.vat !== "number") silent = true;
    return component;
  });
  return silent ? `${run.version} takes a price without vat for one that no tax applies to` : IMPLIED;
}
