import { errorName } from "./errors.js";
const RECONNECT = new Set([
    1001, 1005, 1006, 1011, 1012, 1013, 4002, 4004, 4011, 4012, 4017,
]);
const STANDARD = {
    1000: "NORMAL",
    1001: "GOING_AWAY",
    1005: "NO_STATUS",
    1006: "CONNECTION_LOST",
    1009: "MESSAGE_TOO_LARGE",
    1011: "INTERNAL",
    1012: "RESTART",
    1013: "TRY_LATER",
};
export function readClose(code, reason) {
    const [first = "", ...rest] = reason.split(";");
    const fields = new Map(rest.map((part) => part.split("=", 2)));
    const retryAfterMs = Number(fields.get("retry_after_ms") ?? NaN);
    return {
        code,
        name: /^[A-Z][A-Z0-9_]*$/.test(first) ? first : (errorName(code) ?? STANDARD[code] ?? `CLOSE_${code}`),
        reason,
        reconnects: RECONNECT.has(code),
        retryAfterMs: retryAfterMs >= 0 ? retryAfterMs : undefined,
        resumable: fields.get("resume") !== "0",
    };
}
