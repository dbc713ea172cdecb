import type { Vector } from "../types.js";
import { floatBytes } from "./base64.js";

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const utf8 = new TextEncoder();

/** Writes one protobuf message. Like proto3 it leaves out numbers that are 0 and texts that are empty. */
export class ProtoWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** A whole number from 0 to 2^53. */
  uint(field: number, value: number): this {
    if (value !== 0) this.#tag(field, VARINT).#varint(value);
    return this;
  }

  /** A whole number below 0 takes ten bytes, in two's complement. */
  int(field: number, value: number): this {
    if (value >= 0) return this.uint(field, value);
    this.#tag(field, VARINT);
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
    this.#bytes[this.#length++] = Number(rest);
    return this;
  }

  flag(field: number, value: boolean): this {
    return this.uint(field, value ? 1 : 0);
  }

  float(field: number, value: number): this {
    if (value === 0) return this;
    this.#tag(field, FIXED32).#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  text(field: number, value: string): this {
    return value === "" ? this : this.#block(field, utf8.encode(value));
  }

  texts(field: number, values: readonly string[]): this {
    for (const value of values) this.#block(field, utf8.encode(value));
    return this;
  }

  floats(field: number, vector: Vector): this {
    return vector.length === 0 ? this : this.#block(field, floatBytes(vector));
  }

  /** A message inside this one; written even if it is empty, for that says that it is there. */
  message(field: number, write: (inner: ProtoWriter) => void): this {
    const inner = new ProtoWriter();
    write(inner);
    return this.#block(field, inner.finish());
  }

  /** What was written; ends the use of this writer. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #block(field: number, bytes: Uint8Array): this {
    this.#tag(field, LENGTH_DELIMITED).#varint(bytes.length).#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  #tag(field: number, wireType: number): this {
    return this.#varint(field * 8 + wireType);
  }

  #varint(value: number): this {
    this.#reserve(8);
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  #reserve(more: number): this {
    const needed = this.#length + more;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    return this;
  }
}
