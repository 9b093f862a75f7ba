import { expect, test } from "vitest";
import { spool } from "../../../src/operator/spool.ts";

test("a writer is never kept waiting, and a late reader gets everything in order", async () => {
  const { write, end, readable } = spool();
  const pieces = Array.from({ length: 200 }, (_, index) => `${index} ${"text ".repeat(20_000)}\n`);
  for (const piece of pieces) await write(piece);
  end();
  expect(await new Response(readable).text()).toBe(pieces.join(""));
});

test("a reader that waits gets what is written as it comes", async () => {
  const { write, end, readable } = spool();
  const reader = readable.getReader();
  const first = reader.read();
  await write("one\n");
  expect(new TextDecoder().decode((await first).value)).toBe("one\n");
  const second = reader.read();
  await write("two\n");
  expect(new TextDecoder().decode((await second).value)).toBe("two\n");
  const last = reader.read();
  end();
  expect(await last).toMatchObject({ done: true });
});

test("when the reader is gone, writing goes on and holds nothing", async () => {
  const { write, end, readable } = spool();
  await write("one\n");
  await readable.cancel();
  await expect(write("two\n")).resolves.toBeUndefined();
  end();
});
