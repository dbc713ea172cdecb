import { decodeJson } from "./json.js";
import type { ClientMessage, Codec, ServerMessage } from "./messages.js";
import { encodeRequest } from "./proto-request.js";
import { decodeResponse } from "./proto-response.js";

/** Binary frames: protobuf. A server may still say something in a text frame. */
export class BinaryCodec implements Codec {
  encode(message: ClientMessage): Uint8Array<ArrayBuffer> {
    return encodeRequest(message);
  }

  decode(data: string | ArrayBuffer): ServerMessage {
    return typeof data === "string" ? decodeJson(data) : decodeResponse(new Uint8Array(data));
  }
}
