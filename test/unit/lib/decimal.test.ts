import fc from "fast-check";
import { expect, test } from "vitest";
import { add, divide, fromNumber, parseDecimal, round, subtract, toNumber, toText } from "../../../src/lib/decimal.ts";

const decimal = (text: string) => {
  const value = parseDecimal(text);
  if (value === undefined) throw new Error(text);
  return value;
};

test("numbers are the decimals they are written as", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const exact = fromNumber(value);
      expect(exact && toNumber(exact)).toBe(Object.is(value, -0) ? 0 : value);
    }),
  );
  expect(toText(decimal("1e-7"))).toBe("0.0000001");
  expect(toText(decimal("12.500"))).toBe("12.5");
  expect(toText(decimal("-0.0"))).toBe("0");
  for (const text of ["", ".5", "1.", "1,5", "abc", "NaN", "Infinity", "1e9999"])
    expect(parseDecimal(text)).toBeUndefined();
});

test("sums are exact", () => {
  expect(toText(add(decimal("0.1"), decimal("0.2")))).toBe("0.3");
  expect(toText(subtract(decimal("1.21"), decimal("1")))).toBe("0.21");
});

test("quotients and roundings go away from zero at a half", () => {
  expect(toText(divide(decimal("1"), decimal("3"), 4))).toBe("0.3333");
  expect(toText(divide(decimal("2"), decimal("3"), 4))).toBe("0.6667");
  expect(toText(divide(decimal("-1"), decimal("8"), 2))).toBe("-0.13");
  expect(toText(round(decimal("2.5"), 0))).toBe("3");
  expect(toText(round(decimal("-2.5"), 0))).toBe("-3");
  expect(toText(round(decimal("2.45"), 3))).toBe("2.45");
});
