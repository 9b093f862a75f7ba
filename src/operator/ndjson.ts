/** A line of an NDJSON body, counted from 1 as an editor counts; or why it cannot be read. */
export type Line = { number: number; text: string } | { number: number; fault: string };

/** Takes a body as it comes, in chunks with borders anywhere, and gives the lines that are complete. */
export interface LineSplitter {
  push(chunk: Uint8Array): Line[];
  /** What stands behind the last line end. */
  end(): Line[];
  /** Lines ended so far, blank ones too. */
  count(): number;
}

const NEWLINE = 0x0a;

/**
 * Splits bytes into lines without ever holding more than one of them. Blank lines are counted and left out; CRLF is
 * taken; a byte order mark at the start is skipped; a line longer than the limit, or not UTF-8, is a fault of that line only.
 * @param limit most bytes of a line
 */
export function lineSplitter(limit: number): LineSplitter {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 0;

  const keep = (part: Uint8Array) => {
    size += part.byteLength;
    // Of a line that is too long nothing needs to be held any more.
    if (size > limit) parts = [];
    else if (part.byteLength > 0) parts.push(part);
  };

  const close = (): Line | null => {
    number++;
    const bytes = parts.length === 1 && parts[0] ? parts[0] : joined(parts);
    const length = size;
    parts = [];
    size = 0;
    if (length > limit) return { number, fault: `is longer than ${limit} bytes` };
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
        keep(chunk.subarray(start, end));
        const line = close();
        if (line) lines.push(line);
        start = end + 1;
      }
      // A copy: the rest of the chunk must not be held for the sake of half a line.
      if (start < chunk.byteLength) keep(chunk.slice(start));
      return lines;
    },
    end() {
      const line = size > 0 ? close() : null;
      return line ? [line] : [];
    },
    count: () => number,
  };
}

function joined(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}
