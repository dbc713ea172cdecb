import { MyelinError } from "../errors.js";
export class Fields {
    #values;
    constructor(values) {
        this.#values = values;
    }
    static parse(text) {
        let value;
        try {
            value = JSON.parse(text);
        }
        catch {
            throw new MyelinError("bad_message", "The server sent a text frame that is not JSON.");
        }
        return Fields.of(value);
    }
    static of(value) {
        if (typeof value !== "object" || value === null || Array.isArray(value)) {
            throw new MyelinError("bad_message", "The server sent something that is not an object.");
        }
        return new Fields(value);
    }
    text(name) {
        return this.optionalText(name) ?? this.#wrong(name, "a string");
    }
    number(name) {
        return this.optionalNumber(name) ?? this.#wrong(name, "a number");
    }
    optionalText(name) {
        const value = this.#values[name];
        if (value === undefined || value === null)
            return undefined;
        return typeof value === "string" ? value : this.#wrong(name, "a string");
    }
    optionalNumber(name) {
        const value = this.#values[name];
        if (value === undefined || value === null)
            return undefined;
        return typeof value === "number" ? value : this.#wrong(name, "a number");
    }
    flag(name) {
        return this.#values[name] === true;
    }
    time(name) {
        const text = this.optionalText(name);
        return text === undefined ? undefined : new Date(text);
    }
    object(name) {
        const value = this.#values[name];
        return value === undefined || value === null ? undefined : Fields.of(value);
    }
    objects(name) {
        return this.#array(name).map(Fields.of);
    }
    texts(name) {
        return this.#array(name).map(String);
    }
    pairs(name) {
        const inner = this.object(name);
        const pairs = inner === undefined ? {} : inner.#values;
        return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, String(value)]));
    }
    raw(name) {
        return this.#values[name];
    }
    #array(name) {
        const value = this.#values[name];
        if (value === undefined || value === null)
            return [];
        return Array.isArray(value) ? value : this.#wrong(name, "an array");
    }
    #wrong(name, expected) {
        throw new MyelinError("bad_message", `The server sent no usable "${name}" (expected: ${expected}).`);
    }
}
