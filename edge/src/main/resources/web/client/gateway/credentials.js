import { isObject, number } from "./envelope.js";
import { GatewayError } from "./errors.js";
export const FRESH_MS = 60_000;
export class Credentials {
    #provider;
    #ticket;
    #clock;
    #token;
    #endsAt;
    #renewing;
    constructor(token, ticket, clock) {
        this.#provider = token;
        this.#ticket = ticket;
        this.#clock = clock;
    }
    get canRenew() {
        return typeof this.#provider === "function";
    }
    get canChange() {
        return this.canRenew || this.#ticket !== undefined;
    }
    get leftMs() {
        return this.#endsAt === undefined ? Infinity : this.#endsAt - this.#clock.now();
    }
    endsIn(milliseconds) {
        if (milliseconds !== undefined)
            this.#endsAt = this.#clock.now() + milliseconds;
    }
    expire() {
        this.#token = this.#endsAt = undefined;
    }
    async prove() {
        if (this.#ticket !== undefined)
            return { ticket: await this.#ticket() };
        if (this.#provider === undefined)
            return {};
        if (typeof this.#provider === "string")
            return { token: this.#provider };
        if (this.#token !== undefined && this.leftMs >= FRESH_MS)
            return { token: this.#token };
        return { token: await this.renew() };
    }
    renew() {
        return (this.#renewing ??= this.#ask().finally(() => (this.#renewing = undefined)));
    }
    async #ask() {
        let provided;
        try {
            provided = await this.#provider();
        }
        catch (error) {
            const said = error instanceof Error ? error.message : String(error);
            throw unavailable(`The token provider failed: ${said}`, true);
        }
        if (provided === null)
            throw unavailable("The token provider has no token any more.", false);
        const token = typeof provided === "string" ? provided : provided.token;
        const endsAt = typeof provided === "string" ? expiryOf(token) : Number(provided.expiresAt);
        this.#token = token;
        this.#endsAt = endsAt === undefined ? undefined : this.#clock.now() + endsAt - Date.now();
        return token;
    }
}
function unavailable(text, temporary) {
    return new GatewayError(0, "TOKEN_UNAVAILABLE", text, { temporary });
}
function expiryOf(token) {
    try {
        const body = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
        const claims = JSON.parse(atob(body));
        const exp = isObject(claims) ? number(claims["exp"]) : undefined;
        return exp === undefined ? undefined : exp * 1_000;
    }
    catch {
        return undefined;
    }
}
