import { MyelinError } from "../errors.js";
import { floatsOf } from "./base64.js";
const utf8 = new TextDecoder("utf-8", { fatal: true });
export class ProtoReader {
    #bytes;
    #view;
    #position = 0;
    #wireType = 0;
    #taken = true;
    constructor(bytes) {
        this.#bytes = bytes;
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    each(field) {
        while (this.#position < this.#bytes.length) {
            const tag = this.#varint();
            this.#wireType = tag % 8;
            this.#taken = false;
            field(Math.floor(tag / 8));
            if (!this.#taken)
                this.#skip();
        }
    }
    uint() {
        this.#take(0);
        return this.#varint();
    }
    flag() {
        return this.uint() !== 0;
    }
    float() {
        this.#take(5);
        return this.#view.getFloat32(this.#advance(4), true);
    }
    text() {
        const bytes = this.#block();
        try {
            return utf8.decode(bytes);
        }
        catch {
            throw damaged("text that is not UTF-8");
        }
    }
    message() {
        return new ProtoReader(this.#block());
    }
    floats() {
        const bytes = this.#block();
        if (bytes.length % 4 !== 0)
            throw damaged("a list of floats of a broken length");
        return floatsOf(bytes);
    }
    #block() {
        this.#take(2);
        const length = this.#varint();
        const start = this.#advance(length);
        return this.#bytes.subarray(start, start + length);
    }
    #take(wireType) {
        if (this.#wireType !== wireType)
            throw damaged("a field of another type than agreed");
        this.#taken = true;
    }
    #skip() {
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
    #varint() {
        let value = 0;
        let scale = 1;
        for (let i = 0; i < 10; i++) {
            const byte = this.#bytes[this.#advance(1)];
            value += (byte & 0x7f) * scale;
            if (byte < 0x80)
                return i === 9 ? Number(BigInt.asIntN(64, this.#wide())) : value;
            scale *= 128;
        }
        throw damaged("a number that does not end");
    }
    #wide() {
        let value = 0n;
        for (let i = 1; i <= 10; i++) {
            value = (value << 7n) | BigInt(this.#bytes[this.#position - i] & 0x7f);
        }
        return value;
    }
    #advance(length) {
        const start = this.#position;
        if (start + length > this.#bytes.length)
            throw damaged("a message that ends too early");
        this.#position = start + length;
        return start;
    }
}
function damaged(what) {
    return new MyelinError("bad_message", `The server sent a binary frame with ${what}.`);
}
