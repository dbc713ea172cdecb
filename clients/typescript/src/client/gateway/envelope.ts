import { GatewayError, errorName, type Violation } from "./errors.js";

/** An object of JSON whose members nobody has looked at. */
export type Json = Readonly<Record<string, unknown>>;

/** A message as it is on the wire. */
export interface Envelope {
  readonly id?: string;
  readonly type: string;
  readonly timestamp?: string;
  readonly correlation_id?: string;
  readonly reply_to?: string;
  readonly channel?: string;
  readonly offset?: number;
  /** The durable event before this one on its channel, where that is not the number before. */
  readonly previous_offset?: number;
  readonly epoch?: string;
  readonly ephemeral?: boolean;
  readonly replayed?: boolean;
  readonly sender?: string;
  readonly payload: Json;
}

const MEMBERS: ReadonlySet<string> = new Set([
  "id",
  "type",
  "version",
  "timestamp",
  "correlation_id",
  "reply_to",
  "channel",
  "offset",
  "previous_offset",
  "epoch",
  "ephemeral",
  "replayed",
  "sender",
  "trace",
]);

/**
 * The messages of one frame: one, or a batch of them. Without a `payload`, the members that the envelope
 * does not know are the payload.
 *
 * @throws GatewayError `BAD_MESSAGE` if it is no message
 */
export function decode(data: unknown): Envelope[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data as string);
  } catch {
    throw badMessage("no JSON");
  }
  return (Array.isArray(parsed) ? parsed : [parsed]).map(envelope);
}

function envelope(parsed: unknown): Envelope {
  if (!isObject(parsed) || typeof parsed["type"] !== "string") throw badMessage("no type");
  if (isObject(parsed["payload"])) return parsed as unknown as Envelope;
  const payload = Object.entries(parsed).filter(([name]) => !MEMBERS.has(name));
  return { ...parsed, payload: Object.fromEntries(payload) } as unknown as Envelope;
}

function badMessage(what: string): GatewayError {
  return new GatewayError(0, "BAD_MESSAGE", `The server sent a frame that is no message: ${what}.`);
}

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

export const number = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** `type:id` of a channel that is written so, or as an object; channels of the system have no id. */
export function channelName(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!isObject(value) || typeof value["type"] !== "string") return undefined;
  return value["id"] === undefined || value["id"] === "" ? value["type"] : `${value["type"]}:${String(value["id"])}`;
}

/** Every user hears his own channel without asking. */
export const isOwn = (channel: string): boolean => channel.startsWith("user:");

export const isError = ({ type }: Envelope): boolean => type === "error" || type === "connection.error";

/** The error that an `error` or `connection.error` speaks of. */
export function errorOf({ payload, reply_to }: Envelope): GatewayError {
  const code = number(payload["code"]) ?? 4018;
  const context = isObject(payload["context"]) ? payload["context"] : {};
  const details = isObject(payload["details"]) ? payload["details"] : {};
  const name = text(payload["name"]) ?? text(payload["error"])?.toUpperCase() ?? errorName(code) ?? "INTERNAL";
  return new GatewayError(code, name, text(payload["message"]) ?? `The server said ${name}.`, {
    temporary: payload["temporary"] === true,
    fatal: payload["fatal"] === true,
    retryAfterMs: number(payload["retry_after_ms"]) ?? number(payload["retry_after"]),
    requestType: text(payload["request_type"]),
    commandId: reply_to,
    channel: channelName(details["channel"] ?? context["channel"]),
    details,
    errors: list(payload["errors"]) as readonly Violation[],
  });
}
