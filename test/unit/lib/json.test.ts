import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deepEqual, MAX_DEPTH, parseJson } from "../../../src/lib/json.ts";
import { mergePatch } from "../../../src/lib/merge-patch.ts";
import { joinPointer, resolvePointer, splitPointer } from "../../../src/lib/pointer.ts";

const pointers = (text: string): string[] => {
  const parsed = parseJson(text);
  return parsed.ok ? [] : parsed.error.faults.map(({ pointer }) => pointer);
};

describe("parseJson", () => {
  test("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const parsed = parseJson(text);
        if (/__proto__|constructor|prototype|\\u0000/.test(text)) return;
        expect(parsed).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test.each(["", "{", '{"a":}', "nope", '{"a":1}x', "'a'"])("calls %j malformed", (text) => {
    expect(parseJson(text)).toMatchObject({ ok: false, error: { malformed: true } });
  });

  test("skips a byte order mark", () => {
    expect(parseJson('\ufeff{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
  });

  test("refuses to nest too deep before it parses", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(parseJson(nested(MAX_DEPTH)).ok).toBe(true);
    expect(parseJson(nested(MAX_DEPTH + 1))).toMatchObject({ ok: false, error: { malformed: true } });
    expect(parseJson(nested(200_000)).ok).toBe(false);
    expect(parseJson(JSON.stringify("[".repeat(1000))).ok).toBe(true);
    expect(parseJson(String.raw`["\"[[[[", "\\"]`).ok).toBe(true);
  });

  test("names what cannot be stored", () => {
    expect(pointers(String.raw`{"a":{"b":"x\u0000y"}}`)).toEqual(["/a/b"]);
    expect(pointers(String.raw`{"a":["\ud800"]}`)).toEqual(["/a/0"]);
    expect(pointers('{"a":["\ud800"]}')).toEqual(["/a/0"]);
    expect(pointers(String.raw`{"\ud800":1}`)).toEqual([""]);
    expect(pointers('{"price":1e400,"other":-1E999}')).toEqual(["/price", "/other"]);
    expect(pointers(`{"price":${"9".repeat(400)}}`)).toEqual(["/price"]);
    expect(pointers('{"price":1e3,"emoji":"😀","x":"\\ud83d\\ude00"}')).toEqual([]);
  });

  test("drops keys that reach prototypes, however they are written", () => {
    const parsed = parseJson(String.raw`{"a":{"__proto__":{"x":1},"\u005f_proto__":{"x":1}},"constructor":1,"b":2}`);
    expect(parsed).toEqual({ ok: true, value: { a: {}, b: 2 } });
    expect(parsed.ok && Object.keys((parsed.value as { a: object }).a)).toEqual([]);
  });

  test("takes the last of two keys", () => {
    expect(parseJson('{"id":"X","id":"Y"}')).toEqual({ ok: true, value: { id: "Y" } });
  });
});

test("deepEqual is equality of JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const plain = (value: unknown): string => JSON.stringify(sorted(value));
      expect(deepEqual(a, structuredClone(a))).toBe(true);
      expect(deepEqual(a, b)).toBe(plain(a) === plain(b));
    }),
  );
  expect(deepEqual({ a: undefined }, {})).toBe(true);
  expect(deepEqual({ a: 1 }, { b: 1 })).toBe(false);
  expect(deepEqual([1], { 0: 1 })).toBe(false);
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

describe("JSON Pointer", () => {
  test("joins, splits and resolves", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 4 }), (tokens) => {
        expect(splitPointer(joinPointer(...tokens))).toEqual(tokens);
      }),
    );
    const document = { "a/b": [{ "~x": 1 }], "": { "": 2 } };
    expect(resolvePointer(document, "/a~1b/0/~0x")).toBe(1);
    expect(resolvePointer(document, "//")).toBe(2);
    expect(resolvePointer(document, "")).toBe(document);
    for (const none of ["/a~1b/1", "/a~1b/00", "/a~1b/-", "/a~1b/length", "/toString", "a", "/a~1b/0/~0x/y"]) {
      expect(resolvePointer(document, none), none).toBeUndefined();
    }
  });
});

describe("mergePatch", () => {
  test.each([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [1] }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
    [[1, 2], { a: 1 }, { a: 1 }],
    [{ a: 1 }, [1], [1]],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("of %o with %o is %o", (target, patch, result) => {
    const before = JSON.stringify(target);
    expect(mergePatch(target as never, patch as never)).toEqual(result);
    expect(JSON.stringify(target)).toBe(before);
  });

  test("reaches no prototype", () => {
    const merged = mergePatch(
      { a: 1 },
      JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"b":{"__proto__":{"x":1}}}'),
    );
    expect(merged).toEqual({ a: 1, b: {} });
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});
