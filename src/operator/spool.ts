/**
 * Bytes that wait for the reader as they are: the answer lines of some 250,000 objects. What comes on top is compressed,
 * which is not done before because each compressor holds a quarter of a megabyte until the collector comes.
 */
const PLAIN_BYTES = 16_777_216;

/** Text on its way to a reader who may not read yet. */
export interface Spool {
  /** Resolves once the text is held; never waits for the reader. */
  write(text: string): Promise<void>;
  /** Nothing more comes. */
  end(): void;
  readable: ReadableStream<Uint8Array>;
}

/**
 * Holds what was written until it is read, and never makes the writer wait: a client that sends everything before it
 * reads would otherwise wait for us while we wait for it. A reader who keeps up costs nothing; behind one who does not, pieces are
 * held compressed, outside the JavaScript heap (answer lines of an import shrink to about a tenth).
 */
export function spool(): Spool {
  const waiting: { bytes: Uint8Array; packed: boolean }[] = [];
  let plain = 0;
  let ended = false;
  let cancelled = false;
  let wake = () => {};

  const take = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    while (waiting.length === 0 && !ended) {
      await new Promise<void>((settle) => {
        wake = settle;
      });
    }
    const next = waiting.shift();
    if (!next) {
      controller.close();
      return;
    }
    if (!next.packed) plain -= next.bytes.byteLength;
    controller.enqueue(next.packed ? await through(next.bytes, new DecompressionStream("deflate-raw")) : next.bytes);
  };

  return {
    readable: new ReadableStream<Uint8Array>(
      {
        pull: take,
        cancel() {
          cancelled = true;
          waiting.length = 0;
        },
      },
      { highWaterMark: 0 },
    ),
    async write(text) {
      if (cancelled || text === "") return;
      const bytes = new TextEncoder().encode(text);
      const packed = plain + bytes.byteLength > PLAIN_BYTES;
      const held = packed ? await through(bytes, new CompressionStream("deflate-raw")) : bytes;
      if (!packed) plain += bytes.byteLength;
      waiting.push({ bytes: held, packed });
      wake();
    },
    end() {
      ended = true;
      wake();
    },
  };
}

async function through(bytes: Uint8Array, transform: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(transform as ReadableWritablePair<Uint8Array, Uint8Array>);
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
