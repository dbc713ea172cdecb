import { systemClock, type Clock } from "../clock.js";
import { MyelinError } from "../errors.js";
import type { BackoffOptions } from "../backoff.js";
import { Http } from "./http.js";
import { Jobs } from "./jobs.js";
import { LibraryHandle } from "./library-handle.js";
import { pages } from "./pages.js";
import type { Library, NewLibrary } from "./types.js";
import { Webhooks } from "./webhooks.js";
import { library } from "./wire.js";

export interface LibraryClientOptions {
  /** Where the server is: `http://host:port`. */
  readonly url: string | URL;
  /** A key with the scopes that are needed, if the server wants one. */
  readonly apiKey?: string;
  /** From the request to its whole answer. Default 30 s. */
  readonly timeoutMs?: number;
  /** Delays before a request is tried again. Default: full jitter up to 100 ms, doubling up to 10 s, 4 times. */
  readonly retries?: Partial<BackoffOptions>;
  /** The function that fetches; the global one if left out. */
  readonly fetch?: typeof fetch;
  /** For tests. */
  readonly clock?: Clock;
}

/** The libraries of a server: documents that are kept, searched and announced live. */
export class LibraryClient {
  readonly #http: Http;

  constructor(options: LibraryClientOptions) {
    const { retries = {}, apiKey } = options;
    this.#http = new Http({
      base: baseOf(options.url),
      apiKey,
      // A browser's fetch wants to be called as a function of the window.
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
      timeoutMs: options.timeoutMs ?? 30_000,
      retries: {
        baseMs: retries.baseMs ?? 100,
        maxMs: retries.maxMs ?? 10_000,
        maxAttempts: retries.maxAttempts ?? 4,
      },
      clock: options.clock ?? systemClock,
    });
  }

  get jobs(): Jobs {
    return new Jobs(this.#http);
  }

  get webhooks(): Webhooks {
    return new Webhooks(this.#http);
  }

  /** @throws MyelinError `conflict` if there is one of that id */
  async create(given: NewLibrary): Promise<Library> {
    return library(await this.#http.json("POST", "/v1/libraries", { body: { ...given }, once: true }));
  }

  /** All libraries the key may see, in order of id, page by page. */
  async *list(): AsyncGenerator<Library> {
    for await (const one of pages(this.#http, "/v1/libraries", {})) yield library(one);
  }

  /** One library, there or not: the first request tells. */
  library(id: string): LibraryHandle {
    return new LibraryHandle(this.#http, id);
  }
}

function baseOf(given: string | URL): string {
  try {
    const url = new URL(given);
    if (url.protocol === "http:" || url.protocol === "https:") {
      return url.origin + url.pathname.replace(/\/+$/, "");
    }
  } catch {
    // Said below.
  }
  throw new MyelinError("invalid_argument", `url: ${String(given)} (expected: such as http://localhost:8080)`);
}
