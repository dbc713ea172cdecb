import { MyelinError } from "../errors.js";
import type { Http } from "./http.js";
import type { Json } from "./wire.js";

export type WebhookStatus = "active" | "paused" | "disabled";

export interface WebhookFields {
  /** `http` or `https`, a public address. */
  readonly url?: string;
  /** Names, groups such as `document.*`, or `*` for all but `memory.added` and `chunk.*`. */
  readonly events?: readonly string[];
  readonly description?: string | null;
  /** How often an event is tried again before the webhook may be paused, 0 to 10. */
  readonly maxRetries?: number;
  /** After the first failure, 1 to 3 600; doubled after each further one. */
  readonly retryDelaySeconds?: number;
  /** 1 to 120. */
  readonly timeoutSeconds?: number;
}

export interface NewWebhook extends WebhookFields {
  readonly url: string;
  readonly events: readonly string[];
  /** Of this library alone; left out: of all of the tenant's. */
  readonly libraryId?: string;
  /** What to sign with, 16 to 256 characters; the server makes one if left out. */
  readonly secret?: string;
}

export interface WebhookPatch extends WebhookFields {
  /** `active` lets a paused one go on where it stood. */
  readonly status?: WebhookStatus;
}

export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly libraryId: string | undefined;
  /** Only in the answers of `create` and `rotate`. */
  readonly secret: string | undefined;
  readonly status: WebhookStatus;
  /** Why it is not active. */
  readonly statusReason: string | undefined;
  readonly description: string | undefined;
  readonly maxRetries: number;
  readonly retryDelaySeconds: number;
  readonly timeoutSeconds: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One attempt; with the number 0 a note of events that could not be delivered. */
export interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly libraryId: string | undefined;
  readonly offset: number;
  readonly status: "pending" | "success" | "failed" | "retrying";
  readonly attempt: number;
  readonly attemptedAt: Date;
  readonly statusCode: number | undefined;
  /** The beginning of the answer. */
  readonly responseBody: string | undefined;
  readonly error: string | undefined;
  readonly durationMs: number | undefined;
  readonly nextRetryAt: Date | undefined;
}

const PAGE_SIZE = 100;

/** Servers that are told of changes by a `POST` for each event. */
export class Webhooks {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Is told of what happens from now on. Keep the answer's `secret`: it is shown this once. */
  async create(given: NewWebhook): Promise<Webhook> {
    const body = { ...fields(given), library_id: given.libraryId, secret: given.secret };
    return webhook(await this.#http.json("POST", "/v1/webhooks", { body, once: true }));
  }

  /** All webhooks, the oldest first, page by page. */
  async *list(options: { status?: WebhookStatus } = {}): AsyncGenerator<Webhook> {
    for await (const one of this.#pages("/v1/webhooks", "webhooks", options.status)) yield webhook(one);
  }

  async get(id: string): Promise<Webhook> {
    return webhook(await this.#http.json("GET", path(id)));
  }

  async update(id: string, patch: WebhookPatch): Promise<Webhook> {
    const body = { ...fields(patch), status: patch.status };
    return webhook(await this.#http.json("PATCH", path(id), { body }));
  }

  async delete(id: string): Promise<void> {
    await this.#http.send("DELETE", path(id));
  }

  /** Another secret; the old one signs nothing from now on. */
  async rotate(id: string, secret?: string): Promise<Webhook> {
    return webhook(await this.#http.json("POST", `${path(id)}/rotate`, { body: { secret } }));
  }

  /** Sends one event `webhook.test` and tells what came of it. */
  async test(id: string): Promise<{ readonly success: boolean; readonly delivery: Delivery }> {
    const said = await this.#http.json("POST", `${path(id)}/test`);
    return { success: said["success"] as boolean, delivery: delivery(said["delivery"] as Json) };
  }

  /** All attempts that are kept, the newest first, page by page. */
  async *deliveries(id: string, options: { status?: Delivery["status"] } = {}): AsyncGenerator<Delivery> {
    const all = this.#pages(`${path(id)}/deliveries`, "deliveries", options.status);
    for await (const one of all) yield delivery(one);
  }

  async *#pages(from: string, member: string, status: string | undefined): AsyncGenerator<Json> {
    for (let page = 1; ; page++) {
      const query = { status, page, page_size: PAGE_SIZE };
      const said = (await this.#http.json("GET", from, { query }))[member] as Json[];
      yield* said;
      if (said.length < PAGE_SIZE) return;
    }
  }
}

/** How old a signature may be. */
const MAX_AGE_SECONDS = 300;

/**
 * Whether a request that came in is one of a webhook's, and not an old one again.
 *
 * @param body as it came, before anything parsed it
 * @param signature the header `X-Webhook-Signature-Timed`: `t=SECONDS,v1=HEX`
 * @throws MyelinError `bad_signature` if it is not
 */
export async function verifyWebhook(
  secret: string,
  body: string | Uint8Array<ArrayBuffer>,
  signature: string | null | undefined,
  now: Date = new Date(),
): Promise<void> {
  const parts = new Map((signature ?? "").split(",").map((part) => part.split("=", 2) as [string, string]));
  const time = parts.get("t") ?? "";
  const given = bytesOf(parts.get("v1") ?? "");
  const age = Math.abs(now.getTime() / 1_000 - Number(time));
  if (!/^\d+$/.test(time) || given === undefined) {
    throw new MyelinError("bad_signature", "The signature is not of the form t=SECONDS,v1=HEX.");
  }
  if (age > MAX_AGE_SECONDS) {
    throw new MyelinError("bad_signature", `The signature is ${Math.round(age)} s away from now.`);
  }
  const text = new TextEncoder();
  const head = text.encode(`${time}.`);
  const tail = typeof body === "string" ? text.encode(body) : body;
  const signed = new Uint8Array(head.length + tail.length);
  signed.set(head);
  signed.set(tail, head.length);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(secret), algorithm, false, ["verify"]);
  // Compares in constant time.
  if (!(await crypto.subtle.verify("HMAC", key, given, signed))) {
    throw new MyelinError("bad_signature", "The signature is not of this body and secret.");
  }
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^([0-9a-f]{2})+$/i.test(hex)) return undefined;
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

const path = (id: string): string => `/v1/webhooks/${encodeURIComponent(id)}`;

function fields(given: WebhookFields): Json {
  return {
    url: given.url,
    events: given.events,
    description: given.description,
    max_retries: given.maxRetries,
    retry_delay_seconds: given.retryDelaySeconds,
    timeout_seconds: given.timeoutSeconds,
  };
}

const told = <T>(value: unknown): T | undefined => (value ?? undefined) as T | undefined;

function webhook(json: Json): Webhook {
  return {
    id: json["id"] as string,
    url: json["url"] as string,
    events: json["events"] as string[],
    libraryId: told(json["library_id"]),
    secret: told(json["secret"]),
    status: json["status"] as WebhookStatus,
    statusReason: told(json["status_reason"]),
    description: told(json["description"]),
    maxRetries: json["max_retries"] as number,
    retryDelaySeconds: json["retry_delay_seconds"] as number,
    timeoutSeconds: json["timeout_seconds"] as number,
    createdAt: new Date(json["created_at"] as string),
    updatedAt: new Date(json["updated_at"] as string),
  };
}

function delivery(json: Json): Delivery {
  const retry = json["next_retry_at"];
  return {
    id: json["id"] as string,
    eventId: json["event_id"] as string,
    eventType: json["event_type"] as string,
    libraryId: told(json["library_id"]),
    offset: json["offset"] as number,
    status: json["status"] as Delivery["status"],
    attempt: json["attempt_number"] as number,
    attemptedAt: new Date(json["attempted_at"] as string),
    statusCode: told(json["status_code"]),
    responseBody: told(json["response_body"]),
    error: told(json["error_message"]),
    durationMs: told(json["duration_ms"]),
    nextRetryAt: typeof retry === "string" ? new Date(retry) : undefined,
  };
}
