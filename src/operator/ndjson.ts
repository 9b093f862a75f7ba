/** A line of an NDJSON body, counted from 1 as an editor counts; or why it cannot be read. */
export type Line = { number: number; text: string } | { number: number; fault: string };

/** Takes a body as it comes, in chunks with borders anywhere, and gives the lines that are complete. */
export interface LineSplitter {
  /** The chunk is not needed any longer when this returns: its memory may be used again. */
  push(chunk: Uint8Array): Line[];
  /** What stands behind the last line end. */
  end(): Line[];
  /** Lines ended so far, blank ones too. */
  count(): number;
}

const NEWLINE = 0x0a;
/** Bytes the carried piece of a line starts with; it grows when a line needs more. */
const CARRY_BYTES = 65_536;

/**
 * Splits bytes into lines without ever holding more than one of them. Blank lines are counted and left out; CRLF is
 * taken; a byte order mark at the start is skipped; a line longer than the limit, or not UTF-8, is a fault of that line only.
 * @param limit most bytes of a line
 */
export function lineSplitter(limit: number): LineSplitter {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  /** The begin of a line whose end has not come: one buffer for all lines, so that reading makes no garbage. */
  let carry = new Uint8Array(Math.min(CARRY_BYTES, limit));
  let carried = 0;
  /** Of a line that is too long nothing is held any more. */
  let isTooLong = false;
  let number = 0;

  const keep = (part: Uint8Array) => {
    if (isTooLong || carried + part.byteLength > limit) {
      isTooLong = true;
      carried = 0;
      return;
    }
    if (carried + part.byteLength > carry.byteLength) {
      const grown = new Uint8Array(Math.min(limit, Math.max(carry.byteLength * 2, carried + part.byteLength)));
      grown.set(carry.subarray(0, carried));
      carry = grown;
    }
    carry.set(part, carried);
    carried += part.byteLength;
  };

  /** The line that ends with this part. */
  const close = (part: Uint8Array): Line | null => {
    number++;
    let bytes = part;
    if (isTooLong || carried > 0 || part.byteLength > limit) {
      keep(part);
      bytes = carry.subarray(0, carried);
    }
    const wasTooLong = isTooLong;
    isTooLong = false;
    carried = 0;
    if (wasTooLong) return { number, fault: `is longer than ${limit} bytes` };
    try {
      const text = decoder.decode(bytes).trim();
      return text === "" ? null : { number, text };
    } catch {
      return { number, fault: "is not UTF-8" };
    }
  };

  return {
    push(chunk) {
      const lines: Line[] = [];
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
        const line = close(chunk.subarray(start, end));
        if (line) lines.push(line);
        start = end + 1;
      }
      if (start < chunk.byteLength) keep(chunk.subarray(start));
      return lines;
    },
    end() {
      const line = carried > 0 || isTooLong ? close(new Uint8Array(0)) : null;
      return line ? [line] : [];
    },
    count: () => number,
  };
}
