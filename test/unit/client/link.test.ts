import fc from "fast-check";
import { expect, test } from "vitest";
import { nextLink } from "../../../src/client/link.ts";

test.each([
  [null, null],
  ["", null],
  ['<https://e.test/l?offset=5>; rel="next"', "https://e.test/l?offset=5"],
  ["<https://e.test/l>; rel=next", "https://e.test/l"],
  ["<https://e.test/l>;REL=NEXT", "https://e.test/l"],
  ["<https://e.test/l>; rel='next'", "https://e.test/l"],
  ['<https://e.test/l>; title="a, b; c"; rel="prev next"', "https://e.test/l"],
  ['<https://e.test/p>; rel="prev", <https://e.test/n>; rel="next"', "https://e.test/n"],
  ['<https://e.test/l?a=1,2;3>; rel="next"', "https://e.test/l?a=1,2;3"],
  ['</l?offset=5>; rel="next"', "/l?offset=5"],
  ['< https://e.test/l >; rel="next"', "https://e.test/l"],
  ['<https://e.test/l>; rel="last"', null],
  ['<https://e.test/l>; rel="nextish"', null],
  ["<https://e.test/l>", null],
  ['https://e.test/l; rel="next"', null],
  ['<https://e.test/l; rel="next"', null],
])("%s", (header, expected) => {
  expect(nextLink(header)).toBe(expected);
});

test("any text is read without a throw, and a link that was put in is found behind other links", () => {
  fc.assert(fc.property(fc.string(), (text) => void nextLink(text)));
  const url = fc.array(fc.constantFrom(..."az09,;=?&/%\"' ")).map((path) => `https://e.test/${path.join("")}end`);
  const other = url.map((it) => `<${it}>; rel="prev"; title="\\"x, y"`);
  fc.assert(
    fc.property(fc.array(other, { maxLength: 4 }), url, (others, next) => {
      expect(nextLink([...others, `<${next}>; rel="next"`].join(", "))).toBe(next);
    }),
  );
});

test("a hostile header costs no more than its length", () => {
  expect(nextLink(`<${'a>; rel="'.repeat(900)}`)).toBeNull();
  expect(nextLink(`<x>; rel="next"${" ".repeat(9000)}`)).toBeNull();
});
