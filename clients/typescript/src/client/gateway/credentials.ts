import type { Clock } from "../clock.js";
import { isObject, number } from "./envelope.js";
import { GatewayError } from "./errors.js";

/** A token and when it ends, for providers that know. */
export interface TokenWithExpiry {
  readonly token: string;
  readonly expiresAt: Date | number;
}

/** Gives a token that is good now; null if there is none any more, and the client should stop. */
export type TokenProvider = () => Provided | Promise<Provided>;
export type Provided = string | TokenWithExpiry | null;

/** Gives a ticket, which is good for one connection. */
export type TicketProvider = () => string | Promise<string>;

/** A token that has less than this left is not used for a new connection. */
export const FRESH_MS = 60_000;

/** What a connection says to prove who it is. */
export type Proof = { readonly token?: string; readonly ticket?: string };

/** Who the client is, at all times: keeps the token as long as it is good, and asks for another in time. */
export class Credentials {
  readonly #provider: TokenProvider | string | undefined;
  readonly #ticket: TicketProvider | undefined;
  readonly #clock: Clock;
  #token: string | undefined;
  #endsAt: number | undefined;
  #renewing: Promise<string> | undefined;

  constructor(
    token: TokenProvider | string | undefined,
    ticket: TicketProvider | undefined,
    clock: Clock,
  ) {
    this.#provider = token;
    this.#ticket = ticket;
    this.#clock = clock;
  }

  /** Whether there can be another token than the one in use. */
  get canRenew(): boolean {
    return typeof this.#provider === "function";
  }

  /** Whether the next connection can be told something that the last one was not. */
  get canChange(): boolean {
    return this.canRenew || this.#ticket !== undefined;
  }

  /** Milliseconds that the token is still good; Infinity if nobody knows of an end. */
  get leftMs(): number {
    return this.#endsAt === undefined ? Infinity : this.#endsAt - this.#clock.now();
  }

  /** The server said when the token ends, reckoned from its own time. */
  endsIn(milliseconds: number | undefined): void {
    if (milliseconds !== undefined) this.#endsAt = this.#clock.now() + milliseconds;
  }

  /** The token is good no more, whatever was said of it. */
  expire(): void {
    this.#token = this.#endsAt = undefined;
  }

  /** For the first message of a connection; asks for a fresh token if the last one is about to end. */
  async prove(): Promise<Proof> {
    if (this.#ticket !== undefined) return { ticket: await this.#ticket() };
    if (this.#provider === undefined) return {};
    if (typeof this.#provider === "string") return { token: this.#provider };
    if (this.#token !== undefined && this.leftMs >= FRESH_MS) return { token: this.#token };
    return { token: await this.renew() };
  }

  /**
   * Asks the provider, once for all who wait.
   *
   * @throws GatewayError `TOKEN_UNAVAILABLE`; temporary if the provider failed, not if it says there is none
   */
  renew(): Promise<string> {
    return (this.#renewing ??= this.#ask().finally(() => (this.#renewing = undefined)));
  }

  async #ask(): Promise<string> {
    let provided: Provided;
    try {
      provided = await (this.#provider as TokenProvider)();
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      throw unavailable(`The token provider failed: ${said}`, true);
    }
    if (provided === null) throw unavailable("The token provider has no token any more.", false);
    const token = typeof provided === "string" ? provided : provided.token;
    const endsAt = typeof provided === "string" ? expiryOf(token) : Number(provided.expiresAt);
    this.#token = token;
    this.#endsAt = endsAt === undefined ? undefined : this.#clock.now() + endsAt - Date.now();
    return token;
  }
}

function unavailable(text: string, temporary: boolean): GatewayError {
  return new GatewayError(0, "TOKEN_UNAVAILABLE", text, { temporary });
}

/** When a JWT says it ends, in milliseconds since 1970; undefined if it is no JWT or says nothing. */
function expiryOf(token: string): number | undefined {
  try {
    const body = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const claims: unknown = JSON.parse(atob(body));
    const exp = isObject(claims) ? number(claims["exp"]) : undefined;
    return exp === undefined ? undefined : exp * 1_000;
  } catch {
    return undefined;
  }
}
