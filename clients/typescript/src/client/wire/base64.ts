import type { Vector } from "../types.js";

const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const CHUNK = 8192;

/** The values as little-endian float32. Shares the memory of a Float32Array where it can. */
export function floatBytes(vector: Vector): Uint8Array {
  const floats = vector instanceof Float32Array ? vector : Float32Array.from(vector);
  if (LITTLE_ENDIAN) return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
  const view = new DataView(new ArrayBuffer(floats.length * 4));
  floats.forEach((value, i) => view.setFloat32(i * 4, value, true));
  return new Uint8Array(view.buffer);
}

/** Little-endian float32 back as numbers. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const floats = new Float32Array(bytes.byteLength >> 2);
  for (let i = 0; i < floats.length; i++) floats[i] = view.getFloat32(i * 4, true);
  return floats;
}

/** Base64 of the values as little-endian float32. */
export function vectorToBase64(vector: Vector): string {
  return toBase64(floatBytes(vector));
}

export function base64ToVector(base64: string): Float32Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return floatsOf(bytes);
}

type ToBase64 = (bytes: Uint8Array) => string;

/** The fastest there is: of the language, of Node, of every browser. */
const toBase64: ToBase64 = fromLanguage() ?? fromNode() ?? fromCharacters;

function fromLanguage(): ToBase64 | undefined {
  const method = (Uint8Array.prototype as { toBase64?: (this: Uint8Array) => string }).toBase64;
  return method === undefined ? undefined : (bytes) => method.call(bytes);
}

function fromNode(): ToBase64 | undefined {
  const buffers = (globalThis as { Buffer?: NodeBuffers }).Buffer;
  if (typeof buffers?.from !== "function") return undefined;
  return ({ buffer, byteOffset, byteLength }) =>
    buffers.from(buffer, byteOffset, byteLength).toString("base64");
}

interface NodeBuffers {
  from(bytes: ArrayBufferLike, offset: number, length: number): { toString(as: "base64"): string };
}

/** The way of every browser. */
export function fromCharacters(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return btoa(text);
}
