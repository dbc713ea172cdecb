import { GatewayError, errorName } from "./errors.js";
const MEMBERS = new Set([
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
export function decode(data) {
    let parsed;
    try {
        parsed = JSON.parse(data);
    }
    catch {
        throw badMessage("no JSON");
    }
    return (Array.isArray(parsed) ? parsed : [parsed]).map(envelope);
}
function envelope(parsed) {
    if (!isObject(parsed) || typeof parsed["type"] !== "string")
        throw badMessage("no type");
    if (isObject(parsed["payload"]))
        return parsed;
    const payload = Object.entries(parsed).filter(([name]) => !MEMBERS.has(name));
    return { ...parsed, payload: Object.fromEntries(payload) };
}
function badMessage(what) {
    return new GatewayError(0, "BAD_MESSAGE", `The server sent a frame that is no message: ${what}.`);
}
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const text = (value) => (typeof value === "string" ? value : undefined);
export const number = (value) => typeof value === "number" && Number.isFinite(value) ? value : undefined;
export const list = (value) => (Array.isArray(value) ? value : []);
export function channelName(value) {
    if (typeof value === "string")
        return value;
    if (!isObject(value) || typeof value["type"] !== "string")
        return undefined;
    return value["id"] === undefined || value["id"] === "" ? value["type"] : `${value["type"]}:${String(value["id"])}`;
}
export const isOwn = (channel) => channel.startsWith("user:");
export const isError = ({ type }) => type === "error" || type === "connection.error";
export function errorOf({ payload, reply_to }) {
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
        errors: list(payload["errors"]),
    });
}
