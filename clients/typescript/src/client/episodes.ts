import { MyelinError } from "./errors.js";
import type { Episode } from "./types.js";

const MAX_WHAT_BYTES = 64 * 1024;
const utf8 = new TextEncoder();

/**
 * Checks episodes before they use up a number, and names those that have no name: a named episode can be
 * sent again without being remembered twice, whatever the server has forgotten.
 */
export class EpisodeNames {
  readonly #prefix: string;
  #count = 0;

  constructor() {
    const random = crypto.getRandomValues(new Uint32Array(3));
    this.#prefix = Array.from(random, (part) => part.toString(36).padStart(7, "0")).join("");
  }

  complete(given: Episode | string): Episode & { readonly id: string } {
    const episode: Episode = typeof given === "string" ? { what: given } : given;
    check(episode);
    return { ...episode, id: episode.id || `${this.#prefix}-${++this.#count}` };
  }
}

function check(episode: Episode): void {
  const { what = "", embedding, when } = episode;
  if (what === "" && (embedding === undefined || embedding.length === 0)) {
    throw invalid("It has neither what nor embedding. Give it at least one of them.");
  }
  if (
    what.length > MAX_WHAT_BYTES ||
    (what.length > MAX_WHAT_BYTES / 3 && utf8.encode(what).length > MAX_WHAT_BYTES)
  ) {
    throw invalid(`what is longer than ${MAX_WHAT_BYTES} bytes of UTF-8. Split it into several.`);
  }
  if (when !== undefined && Number.isNaN(new Date(when).getTime())) {
    throw invalid(`when is no time: ${String(when)} (expected: a Date or RFC 3339 text).`);
  }
  if (embedding !== undefined && !embedding.every(Number.isFinite)) {
    throw invalid("embedding has a value that is not finite (expected: numbers).");
  }
}

function invalid(text: string): MyelinError {
  return new MyelinError("invalid_episode", `Invalid episode: ${text}`);
}
