import fc from "fast-check";
import { expect, test } from "vitest";
import { type Line, lineSplitter } from "../../../src/operator/ndjson.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function split(chunks: Uint8Array[], limit = 1000): Line[] {
  const splitter = lineSplitter(limit);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

/** Cuts bytes at the given places. */
function cut(all: Uint8Array, places: number[]): Uint8Array[] {
  const borders = [0, ...places.map((place) => place % (all.length + 1)).toSorted((a, b) => a - b), all.length];
  return borders.slice(1).map((end, index) => all.slice(borders[index], end));
}

const lineText = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ""));

test("wherever chunks end, the lines are the same", () => {
  const property = fc.property(fc.array(lineText), fc.array(fc.nat()), fc.boolean(), (lines, places, hasLineEnd) => {
    const text = lines.join("\n") + (hasLineEnd && lines.length > 0 ? "\n" : "");
    const expected = text
      .split("\n")
      .map((line, index) => ({ number: index + 1, text: line.trim() }))
      .filter((line) => line.text !== "");
    expect(split(cut(bytes(text), places))).toEqual(expected);
  });
  fc.assert(property);
});

test("a chunk's memory may be used again once it was pushed", () => {
  const splitter = lineSplitter(1000);
  const memory = new Uint8Array(4);
  const lines: Line[] = [];
  for (const part of ['{"a"', ":1}\n", '{"b"', ":2}\n"]) {
    memory.set(bytes(part).subarray(0, 4));
    lines.push(...splitter.push(memory.subarray(0, bytes(part).length)));
  }
  expect(lines).toEqual([
    { number: 1, text: '{"a":1}' },
    { number: 2, text: '{"b":2}' },
  ]);
});

test("blank lines are counted, and left out", () => {
  const splitter = lineSplitter(1000);
  expect([...splitter.push(bytes("a\n\n  \r\nb\r\n\n")), ...splitter.end()]).toEqual([
    { number: 1, text: "a" },
    { number: 4, text: "b" },
  ]);
  expect(splitter.count()).toBe(5);
});

test("a line that is too long is a fault, however it is cut, and the next one is read", () => {
  const property = fc.property(fc.array(fc.nat()), (places) => {
    const text = bytes(`${"x".repeat(11)}\nshort\n${"y".repeat(500)}\nlast`);
    expect(split(cut(text, places), 10)).toEqual([
      { number: 1, fault: "is longer than 10 bytes" },
      { number: 2, text: "short" },
      { number: 3, fault: "is longer than 10 bytes" },
      { number: 4, text: "last" },
    ]);
  });
  fc.assert(property);
});

test("a line as long as the limit is read", () => {
  expect(split([bytes("0123456789\n0123456789")], 10)).toHaveLength(2);
  expect(split([bytes("01234"), bytes("56789\n")], 10)).toEqual([{ number: 1, text: "0123456789" }]);
});

test("broken UTF-8 is a fault of its line", () => {
  const text = Uint8Array.from([...bytes("a\n"), 0xff, 0xfe, ...bytes("\nb")]);
  expect(split([text])).toEqual([
    { number: 1, text: "a" },
    { number: 2, fault: "is not UTF-8" },
    { number: 3, text: "b" },
  ]);
});

test("a byte order mark at the start is skipped", () => {
  expect(split([bytes("\uFEFFa\nb")])).toEqual([
    { number: 1, text: "a" },
    { number: 2, text: "b" },
  ]);
});
