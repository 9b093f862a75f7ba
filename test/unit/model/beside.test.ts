import { expect, test } from "vitest";
import { withoutBeside } from "../../../src/model/beside.ts";

test("operators see nothing of what codecs keep for themselves", () => {
  const object = {
    id: "1",
    "wire:type": "x",
    evses: [{ uid: "2", "wire:status": "y", connectors: [{ id: "3" }] }],
    name: null,
  };
  expect(withoutBeside(object)).toEqual({ id: "1", evses: [{ uid: "2", connectors: [{ id: "3" }] }], name: null });
  expect(object).toHaveProperty("wire:type");
});
