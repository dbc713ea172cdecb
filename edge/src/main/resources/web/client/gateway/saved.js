import { isObject, list, number, text } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { uuid7 } from "./ids.js";
export class Saved {
    #store;
    #key;
    #failed;
    #toldFailure = false;
    clientId;
    owner;
    session;
    positions;
    constructor(store, key, failed) {
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
    rename(clientId = uuid7()) {
        this.clientId = clientId;
        this.session = undefined;
    }
    write() {
        const { clientId, owner, session } = this;
        this.#write("state", { clientId, owner, session, positions: Object.fromEntries(this.positions) });
    }
    commands() {
        return list(this.#read("outbox")).flatMap((kept) => command(kept) ?? []);
    }
    writeCommands(commands) {
        if (commands.length > 0)
            this.#write("outbox", commands);
        else
            this.#try(() => this.#store.removeItem(`${this.#key}outbox`));
    }
    #read(name) {
        let kept;
        this.#try(() => {
            kept = JSON.parse(this.#store.getItem(this.#key + name) ?? "null");
        });
        return kept;
    }
    #write(name, value) {
        this.#try(() => this.#store.setItem(this.#key + name, JSON.stringify(value)));
    }
    #try(access) {
        try {
            access();
        }
        catch (error) {
            if (this.#toldFailure)
                return;
            this.#toldFailure = true;
            const said = error instanceof Error ? error.message : String(error);
            const told = `What should survive a reload cannot be kept: ${said}. Give another store, or none.`;
            this.#failed(new GatewayError(0, "STORE_FAILED", told, { temporary: true }));
        }
    }
}
function positions(kept) {
    const found = new Map();
    for (const [name, position] of Object.entries(isObject(kept) ? kept : {})) {
        if (!isObject(position))
            continue;
        const [epoch, offset] = [text(position["epoch"]), number(position["offset"])];
        if (epoch !== undefined && offset !== undefined)
            found.set(name, { epoch, offset });
    }
    return found;
}
function command(kept) {
    if (!isObject(kept))
        return undefined;
    const [id, type] = [text(kept["id"]), text(kept["type"])];
    if (id === undefined || type === undefined || !isObject(kept["payload"]))
        return undefined;
    const { channel, correlationId, payload } = kept;
    return { id, type, channel: text(channel), correlationId: text(correlationId), payload: payload };
}
