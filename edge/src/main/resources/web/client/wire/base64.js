const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const CHUNK = 8192;
export function floatBytes(vector) {
    const floats = vector instanceof Float32Array ? vector : Float32Array.from(vector);
    if (LITTLE_ENDIAN)
        return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    const view = new DataView(new ArrayBuffer(floats.length * 4));
    floats.forEach((value, i) => view.setFloat32(i * 4, value, true));
    return new Uint8Array(view.buffer);
}
export function floatsOf(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const floats = new Float32Array(bytes.byteLength >> 2);
    for (let i = 0; i < floats.length; i++)
        floats[i] = view.getFloat32(i * 4, true);
    return floats;
}
export function vectorToBase64(vector) {
    return toBase64(floatBytes(vector));
}
export function base64ToVector(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++)
        bytes[i] = text.charCodeAt(i);
    return floatsOf(bytes);
}
const toBase64 = fromLanguage() ?? fromNode() ?? fromCharacters;
function fromLanguage() {
    const method = Uint8Array.prototype.toBase64;
    return method === undefined ? undefined : (bytes) => method.call(bytes);
}
function fromNode() {
    const buffers = globalThis.Buffer;
    if (typeof buffers?.from !== "function")
        return undefined;
    return ({ buffer, byteOffset, byteLength }) => buffers.from(buffer, byteOffset, byteLength).toString("base64");
}
export function fromCharacters(bytes) {
    let text = "";
    for (let i = 0; i < bytes.length; i += CHUNK) {
        text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
    }
    return btoa(text);
}
