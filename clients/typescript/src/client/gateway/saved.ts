import { isObject, list, number, text, type Json } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { uuid7 } from "./ids.js";
import type { GatewayStore } from "./store.js";

/** Up to where a channel was seen. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/** A command whose reply is not there yet, as it is kept. */
export interface SavedCommand {
  readonly id: string;
  readonly type: string;
  readonly channel: string | undefined;
  readonly correlationId: string | undefined;
  readonly payload: Json;
}

/**
 * What outlives a page: the client's name, its session, whose they are, positions and commands.
 *
 * A store that fails costs the reload, not the connection: it is told once, and the client goes on.
 */
export class Saved {
  readonly #store: GatewayStore;
  readonly #key: string;
  readonly #failed: (error: GatewayError) => void;
  #toldFailure = false;
  clientId: string;
  /** The tenant and subject that all this belongs to. */
  owner: string | undefined;
  session: string | undefined;
  positions: ReadonlyMap<string, Position>;

  constructor(store: GatewayStore, key: string, failed: (error: GatewayError) => void) {
    this.#store = store;
    this.#key = key;
    this.#failed = failed;
    const kept = this.#read("state");
    const state = isObject(kept) ? kept : {};
    this.clientId = text(state["clientId"]) ?? uuid7();
    this.owner = text(state["owner"]);
    this.session = text(state["session"]);
    this.positions = positions(state["positions"]);
  }

  /** Goes by another name from now on: the session is that of the old one. */
  rename(clientId: string = uuid7()): void {
    this.clientId = clientId;
    this.session = undefined;
  }

  write(): void {
    const { clientId, owner, session } = this;
    this.#write("state", { clientId, owner, session, positions: Object.fromEntries(this.positions) });
  }

  commands(): SavedCommand[] {
    return list(this.#read("outbox")).flatMap((kept) => command(kept) ?? []);
  }

  writeCommands(commands: readonly SavedCommand[]): void {
    if (commands.length > 0) this.#write("outbox", commands);
    else this.#try(() => this.#store.removeItem(`${this.#key}outbox`));
  }

  #read(name: string): unknown {
    let kept: unknown;
    this.#try(() => {
      kept = JSON.parse(this.#store.getItem(this.#key + name) ?? "null");
    });
    return kept;
  }

  #write(name: string, value: unknown): void {
    this.#try(() => this.#store.setItem(this.#key + name, JSON.stringify(value)));
  }

  #try(access: () => void): void {
    try {
      access();
    } catch (error) {
      if (this.#toldFailure) return;
      this.#toldFailure = true;
      const said = error instanceof Error ? error.message : String(error);
      const told = `What should survive a reload cannot be kept: ${said}. Give another store, or none.`;
      this.#failed(new GatewayError(0, "STORE_FAILED", told, { temporary: true }));
    }
  }
}

function positions(kept: unknown): Map<string, Position> {
  const found = new Map<string, Position>();
  for (const [name, position] of Object.entries(isObject(kept) ? kept : {})) {
    if (!isObject(position)) continue;
    const [epoch, offset] = [text(position["epoch"]), number(position["offset"])];
    if (epoch !== undefined && offset !== undefined) found.set(name, { epoch, offset });
  }
  return found;
}

function command(kept: unknown): SavedCommand | undefined {
  if (!isObject(kept)) return undefined;
  const [id, type] = [text(kept["id"]), text(kept["type"])];
  if (id === undefined || type === undefined || !isObject(kept["payload"])) return undefined;
  const { channel, correlationId, payload } = kept;
  return { id, type, channel: text(channel), correlationId: text(correlationId), payload: payload as Json };
}
