/** The lines of a text that say something. */
export function* linesOf(text: string): Generator<string> {
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() !== "") yield line;
  }
}

/** The lines of a file, read piece by piece. Tells how many bytes are read. */
export async function* linesOfFile(
  file: Blob,
  read: (bytes: number) => void,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = file.stream().getReader();
  let bytes = 0;
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const text = rest + decoder.decode(value, { stream: true });
      const end = text.lastIndexOf("\n") + 1;
      rest = text.slice(end);
      yield* linesOf(text.slice(0, end));
      bytes += value.length;
      read(bytes);
    }
    yield* linesOf(rest + decoder.decode());
  } finally {
    await reader.cancel();
  }
}

export const SAMPLE = [
  "Ada asked for the budget figures before Friday.",
  "The build machine ran out of disk at 03:12 and recovered after a clean-up.",
  "Grace prefers tea without sugar.",
  "The customer in Bern wants invoices as PDF, not as paper.",
  "We agreed to freeze the interface on the first of March.",
  "Temperature in rack 4 rose to 41 degrees while the fan was off.",
  "Linus found the race: two writers, one file, no lock.",
  "The night train to Vienna leaves from platform 9.",
].join("\n");
