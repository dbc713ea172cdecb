import { decodeJson } from "./json.js";
import { encodeRequest } from "./proto-request.js";
import { decodeResponse } from "./proto-response.js";
export class BinaryCodec {
    encode(message) {
        return encodeRequest(message);
    }
    decode(data) {
        return typeof data === "string" ? decodeJson(data) : decodeResponse(new Uint8Array(data));
    }
}
