import { MyelinError } from "../errors.js";

/** One JSON object of the server, read field by field; what has the wrong type is named. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;

  private constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  static parse(text: string): Fields {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw new MyelinError("bad_message", "The server sent a text frame that is not JSON.");
    }
    return Fields.of(value);
  }

  static of(value: unknown): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new MyelinError("bad_message", "The server sent something that is not an object.");
    }
    return new Fields(value as Record<string, unknown>);
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#wrong(name, "a string");
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? this.#wrong(name, "a number");
  }

  optionalText(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : this.#wrong(name, "a string");
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === "number" ? value : this.#wrong(name, "a number");
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  time(name: string): Date | undefined {
    const text = this.optionalText(name);
    return text === undefined ? undefined : new Date(text);
  }

  object(name: string): Fields | undefined {
    const value = this.#values[name];
    return value === undefined || value === null ? undefined : Fields.of(value);
  }

  objects(name: string): Fields[] {
    return this.#array(name).map(Fields.of);
  }

  texts(name: string): string[] {
    return this.#array(name).map(String);
  }

  /** Its own text values, by name. */
  pairs(name: string): Record<string, string> {
    const inner = this.object(name);
    const pairs = inner === undefined ? {} : inner.#values;
    return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, String(value)]));
  }

  /** Whatever is there. */
  raw(name: string): unknown {
    return this.#values[name];
  }

  #array(name: string): unknown[] {
    const value = this.#values[name];
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : this.#wrong(name, "an array");
  }

  #wrong(name: string, expected: string): never {
    throw new MyelinError("bad_message", `The server sent no usable "${name}" (expected: ${expected}).`);
  }
}
