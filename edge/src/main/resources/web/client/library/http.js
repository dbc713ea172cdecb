import { Backoff } from "../backoff.js";
import { MyelinError } from "../errors.js";
const REFUSED_FOR_NOW = new Set([429, 503]);
export class Http {
    #settings;
    constructor(settings) {
        this.#settings = settings;
    }
    get settings() {
        return this.#settings;
    }
    async json(method, path, call = {}) {
        const response = await this.send(method, path, call);
        return (await response.json());
    }
    async send(method, path, call = {}) {
        const headers = this.#headers(call);
        const backoff = new Backoff(this.#settings.retries, this.#settings.clock);
        for (;;) {
            let failure;
            try {
                return await this.#once(method, path, headers, call);
            }
            catch (error) {
                if (!(error instanceof MyelinError))
                    throw error;
                failure = error;
            }
            const delay = call.streamed || !mayRetry(method, call, failure) ? undefined : backoff.next();
            if (delay === undefined)
                throw failure;
            await pause(this.#settings.clock, Math.max(delay, failure.retryAfterMs ?? 0), call.signal);
        }
    }
    #headers(call) {
        const headers = { accept: "application/json", ...call.headers };
        if (this.#settings.apiKey !== undefined)
            headers["authorization"] = `Bearer ${this.#settings.apiKey}`;
        if (call.body !== undefined)
            headers["content-type"] = "application/json";
        if (call.once)
            headers["idempotency-key"] ??= crypto.randomUUID();
        return headers;
    }
    async #once(method, path, headers, call) {
        const { clock, timeoutMs } = this.#settings;
        const limit = new AbortController();
        const giveUp = () => limit.abort(call.signal?.reason);
        if (call.signal?.aborted)
            throw aborted();
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
            if (!response.ok)
                throw await problem(response);
            if (call.streamed)
                return response;
            return new Response(bodiless(response) ? null : await response.arrayBuffer(), response);
        }
        catch (error) {
            if (error instanceof MyelinError)
                throw error;
            if (late)
                throw new MyelinError("timeout", `No answer to ${method} ${path} in ${timeoutMs} ms.`);
            if (call.signal?.aborted)
                throw aborted();
            throw new MyelinError("connection_lost", `${method} ${path} got no answer: ${reason(error)}`);
        }
        finally {
            takeBack();
            if (!call.streamed)
                call.signal?.removeEventListener("abort", giveUp);
        }
    }
    #url(path, query = {}) {
        const url = new URL(this.#settings.base + path);
        for (const [name, value] of Object.entries(query)) {
            if (value !== undefined)
                url.searchParams.set(name, String(value));
        }
        return url.href;
    }
}
function mayRetry(method, call, failure) {
    if (failure.status !== undefined)
        return REFUSED_FOR_NOW.has(failure.status);
    const harmless = method === "GET" || call.reads === true || call.once === true;
    return harmless && (failure.code === "connection_lost" || failure.code === "timeout");
}
const bodiless = ({ status }) => status === 204 || status === 304;
export const aborted = () => new MyelinError("aborted", "The caller took it back.");
function reason(error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message || cause.name : String(cause);
}
export function pause(clock, milliseconds, signal) {
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
async function problem(response) {
    let said = {};
    try {
        said = (await response.json());
    }
    catch {
    }
    const type = typeof said["error_type"] === "string" ? said["error_type"] : `Http${response.status}Error`;
    return new MyelinError(codeOf(type), typeof said["detail"] === "string" ? said["detail"] : `The answer was ${response.status} ${response.statusText}`, undefined, {
        status: response.status,
        requestId: (said["request_id"] ?? response.headers.get("x-request-id") ?? undefined),
        field: said["field"],
        retryAfterMs: (said["retry_after_ms"] ?? retryAfter(response)),
        oldestOffset: said["oldest_offset"],
    });
}
function retryAfter(response) {
    const seconds = Number(response.headers.get("retry-after") ?? NaN);
    return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}
function codeOf(type) {
    return type
        .replace(/Error$/, "")
        .replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_")
        .toLowerCase();
}
