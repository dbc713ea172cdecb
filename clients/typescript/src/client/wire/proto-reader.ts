import { MyelinError } from "../errors.js";
import { floatsOf } from "./base64.js";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads one protobuf message: calls back per field, and the callback takes the value in its own type or
 * leaves it, then it is skipped. Never reads past its end, whatever the bytes are.
 */
export class ProtoReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  #wireType = 0;
  #taken = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Reads all fields. */
  each(field: (number: number) => void): void {
    while (this.#position < this.#bytes.length) {
      const tag = this.#varint();
      this.#wireType = tag % 8;
      this.#taken = false;
      field(Math.floor(tag / 8));
      if (!this.#taken) this.#skip();
    }
  }

  uint(): number {
    this.#take(0);
    return this.#varint();
  }

  flag(): boolean {
    return this.uint() !== 0;
  }

  float(): number {
    this.#take(5);
    return this.#view.getFloat32(this.#advance(4), true);
  }

  text(): string {
    const bytes = this.#block();
    try {
      return utf8.decode(bytes);
    } catch {
      throw damaged("text that is not UTF-8");
    }
  }

  /** A message inside this one. */
  message(): ProtoReader {
    return new ProtoReader(this.#block());
  }

  /** A packed list of floats. */
  floats(): Float32Array {
    const bytes = this.#block();
    if (bytes.length % 4 !== 0) throw damaged("a list of floats of a broken length");
    return floatsOf(bytes);
  }

  #block(): Uint8Array {
    this.#take(2);
    const length = this.#varint();
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  #take(wireType: number): void {
    if (this.#wireType !== wireType) throw damaged("a field of another type than agreed");
    this.#taken = true;
  }

  #skip(): void {
    switch (this.#wireType) {
      case 0:
        this.#varint();
        return;
      case 1:
        this.#advance(8);
        return;
      case 2:
        this.#advance(this.#varint());
        return;
      case 5:
        this.#advance(4);
        return;
      default:
        throw damaged("a field of an unknown wire type");
    }
  }

  /** Exact up to 2^53; negative numbers come out of the two's complement. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      const byte = this.#bytes[this.#advance(1)] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return i === 9 ? Number(BigInt.asIntN(64, this.#wide())) : value;
      scale *= 128;
    }
    throw damaged("a number that does not end");
  }

  /** The ten-byte number that ends here, in full. */
  #wide(): bigint {
    let value = 0n;
    for (let i = 1; i <= 10; i++) {
      value = (value << 7n) | BigInt((this.#bytes[this.#position - i] as number) & 0x7f);
    }
    return value;
  }

  #advance(length: number): number {
    const start = this.#position;
    if (start + length > this.#bytes.length) throw damaged("a message that ends too early");
    this.#position = start + length;
    return start;
  }
}

function damaged(what: string): MyelinError {
  return new MyelinError("bad_message", `The server sent a binary frame with ${what}.`);
}
