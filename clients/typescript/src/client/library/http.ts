import { Backoff, type BackoffOptions } from "../backoff.js";
import type { Clock } from "../clock.js";
import { MyelinError } from "../errors.js";
import type { Json } from "./wire.js";

export interface HttpSettings {
  /** Without a slash at its end. */
  readonly base: string;
  readonly apiKey: string | undefined;
  readonly fetch: typeof fetch;
  readonly timeoutMs: number;
  readonly retries: BackoffOptions;
  readonly clock: Clock;
}

export interface Call {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly signal?: AbortSignal | undefined;
  /** The answer lasts: only its beginning has a time limit, and nothing is tried again. */
  readonly streamed?: boolean;
  /** Carries a key by which the server knows a repetition, so that it is done once. */
  readonly once?: boolean;
  /** Changes nothing, though it is a `POST`. */
  readonly reads?: boolean;
}

/** The server did nothing, and may do it soon. */
const REFUSED_FOR_NOW: ReadonlySet<number> = new Set([429, 503]);

/**
 * Requests to the server. What was refused for now is tried again, and so is what got no answer, where
 * doing it twice does no harm.
 */
export class Http {
  readonly #settings: HttpSettings;

  constructor(settings: HttpSettings) {
    this.#settings = settings;
  }

  get settings(): HttpSettings {
    return this.#settings;
  }

  async json(method: string, path: string, call: Call = {}): Promise<Json> {
    const response = await this.send(method, path, call);
    return (await response.json()) as Json;
  }

  /** @throws MyelinError with the server's code, or `connection_lost`, `timeout`, `aborted` */
  async send(method: string, path: string, call: Call = {}): Promise<Response> {
    const headers = this.#headers(call);
    const backoff = new Backoff(this.#settings.retries, this.#settings.clock);
    for (;;) {
      let failure: MyelinError;
      try {
        return await this.#once(method, path, headers, call);
      } catch (error) {
        if (!(error instanceof MyelinError)) throw error;
        failure = error;
      }
      const delay = call.streamed || !mayRetry(method, call, failure) ? undefined : backoff.next();
      if (delay === undefined) throw failure;
      await pause(this.#settings.clock, Math.max(delay, failure.retryAfterMs ?? 0), call.signal);
    }
  }

  #headers(call: Call): Record<string, string> {
    const headers: Record<string, string> = { accept: "application/json", ...call.headers };
    if (this.#settings.apiKey !== undefined) headers["authorization"] = `Bearer ${this.#settings.apiKey}`;
    if (call.body !== undefined) headers["content-type"] = "application/json";
    if (call.once) headers["idempotency-key"] ??= crypto.randomUUID();
    return headers;
  }

  async #once(
    method: string,
    path: string,
    headers: Record<string, string>,
    call: Call,
  ): Promise<Response> {
    const { clock, timeoutMs } = this.#settings;
    const limit = new AbortController();
    const giveUp = () => limit.abort(call.signal?.reason);
    if (call.signal?.aborted) throw aborted();
    call.signal?.addEventListener("abort", giveUp, { once: true });
    let late = false;
    const takeBack = clock.after(timeoutMs, () => {
      late = true;
      limit.abort();
    });
    try {
      const response = await this.#settings.fetch(this.#url(path, call.query), {
        method,
        headers,
        body: call.body === undefined ? null : JSON.stringify(call.body),
        signal: limit.signal,
      });
      if (!response.ok) throw await problem(response);
      if (call.streamed) return response;
      // The time limit is for the whole of it.
      return new Response(bodiless(response) ? null : await response.arrayBuffer(), response);
    } catch (error) {
      if (error instanceof MyelinError) throw error;
      if (late) throw new MyelinError("timeout", `No answer to ${method} ${path} in ${timeoutMs} ms.`);
      if (call.signal?.aborted) throw aborted();
      throw new MyelinError("connection_lost", `${method} ${path} got no answer: ${reason(error)}`);
    } finally {
      takeBack();
      if (!call.streamed) call.signal?.removeEventListener("abort", giveUp);
    }
  }

  #url(path: string, query: Call["query"] = {}): string {
    const url = new URL(this.#settings.base + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url.href;
  }
}

function mayRetry(method: string, call: Call, failure: MyelinError): boolean {
  if (failure.status !== undefined) return REFUSED_FOR_NOW.has(failure.status);
  const harmless = method === "GET" || call.reads === true || call.once === true;
  return harmless && (failure.code === "connection_lost" || failure.code === "timeout");
}

const bodiless = ({ status }: Response): boolean => status === 204 || status === 304;

export const aborted = (): MyelinError => new MyelinError("aborted", "The caller took it back.");

function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

/** Waits; ends early, with an error, when the caller takes it back. */
export function pause(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(aborted());
      return;
    }
    const stop = () => {
      takeBack();
      reject(aborted());
    };
    const takeBack = clock.after(milliseconds, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    signal?.addEventListener("abort", stop, { once: true });
  });
}

async function problem(response: Response): Promise<MyelinError> {
  let said: Json = {};
  try {
    said = (await response.json()) as Json;
  } catch {
    // Not from the server itself, perhaps from something between.
  }
  const type = typeof said["error_type"] === "string" ? said["error_type"] : `Http${response.status}Error`;
  return new MyelinError(
    codeOf(type),
    typeof said["detail"] === "string" ? said["detail"] : `The answer was ${response.status} ${response.statusText}`,
    undefined,
    {
      status: response.status,
      requestId: (said["request_id"] ?? response.headers.get("x-request-id") ?? undefined) as string | undefined,
      field: said["field"] as string | undefined,
      retryAfterMs: (said["retry_after_ms"] ?? retryAfter(response)) as number | undefined,
      oldestOffset: said["oldest_offset"] as number | undefined,
    },
  );
}

function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get("retry-after") ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}

/** `LibraryNotFoundError` as `library_not_found`. */
function codeOf(type: string): string {
  return type
    .replace(/Error$/, "")
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
    .toLowerCase();
}
