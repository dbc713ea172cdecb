import { MyelinError } from "../errors.js";
const PAGE_SIZE = 100;
export class Webhooks {
    #http;
    constructor(http) {
        this.#http = http;
    }
    async create(given) {
        const body = { ...fields(given), library_id: given.libraryId, secret: given.secret };
        return webhook(await this.#http.json("POST", "/v1/webhooks", { body, once: true }));
    }
    async *list(options = {}) {
        for await (const one of this.#pages("/v1/webhooks", "webhooks", options.status))
            yield webhook(one);
    }
    async get(id) {
        return webhook(await this.#http.json("GET", path(id)));
    }
    async update(id, patch) {
        const body = { ...fields(patch), status: patch.status };
        return webhook(await this.#http.json("PATCH", path(id), { body }));
    }
    async delete(id) {
        await this.#http.send("DELETE", path(id));
    }
    async rotate(id, secret) {
        return webhook(await this.#http.json("POST", `${path(id)}/rotate`, { body: { secret } }));
    }
    async test(id) {
        const said = await this.#http.json("POST", `${path(id)}/test`);
        return { success: said["success"], delivery: delivery(said["delivery"]) };
    }
    async *deliveries(id, options = {}) {
        const all = this.#pages(`${path(id)}/deliveries`, "deliveries", options.status);
        for await (const one of all)
            yield delivery(one);
    }
    async *#pages(from, member, status) {
        for (let page = 1;; page++) {
            const query = { status, page, page_size: PAGE_SIZE };
            const said = (await this.#http.json("GET", from, { query }))[member];
            yield* said;
            if (said.length < PAGE_SIZE)
                return;
        }
    }
}
const MAX_AGE_SECONDS = 300;
export async function verifyWebhook(secret, body, signature, now = new Date()) {
    const parts = new Map((signature ?? "").split(",").map((part) => part.split("=", 2)));
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
    if (!(await crypto.subtle.verify("HMAC", key, given, signed))) {
        throw new MyelinError("bad_signature", "The signature is not of this body and secret.");
    }
}
function bytesOf(hex) {
    if (!/^([0-9a-f]{2})+$/i.test(hex))
        return undefined;
    return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
const path = (id) => `/v1/webhooks/${encodeURIComponent(id)}`;
function fields(given) {
    return {
        url: given.url,
        events: given.events,
        description: given.description,
        max_retries: given.maxRetries,
        retry_delay_seconds: given.retryDelaySeconds,
        timeout_seconds: given.timeoutSeconds,
    };
}
const told = (value) => (value ?? undefined);
function webhook(json) {
    return {
        id: json["id"],
        url: json["url"],
        events: json["events"],
        libraryId: told(json["library_id"]),
        secret: told(json["secret"]),
        status: json["status"],
        statusReason: told(json["status_reason"]),
        description: told(json["description"]),
        maxRetries: json["max_retries"],
        retryDelaySeconds: json["retry_delay_seconds"],
        timeoutSeconds: json["timeout_seconds"],
        createdAt: new Date(json["created_at"]),
        updatedAt: new Date(json["updated_at"]),
    };
}
function delivery(json) {
    const retry = json["next_retry_at"];
    return {
        id: json["id"],
        eventId: json["event_id"],
        eventType: json["event_type"],
        libraryId: told(json["library_id"]),
        offset: json["offset"],
        status: json["status"],
        attempt: json["attempt_number"],
        attemptedAt: new Date(json["attempted_at"]),
        statusCode: told(json["status_code"]),
        responseBody: told(json["response_body"]),
        error: told(json["error_message"]),
        durationMs: told(json["duration_ms"]),
        nextRetryAt: typeof retry === "string" ? new Date(retry) : undefined,
    };
}
