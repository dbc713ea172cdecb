// Adds observations that come in on loopback to a LanceDB table, and tells how many are stored.
//
//   node lancedb.cjs MODULES FOLDER DIMENSION
//
// In, little-endian: u32 bytes of the rest, u32 bytes of the id, the id, u32 bytes of the text, the text,
// DIMENSION float32. Out: u32 how many more of this connection's observations are stored, in their order. One
// add at a time takes all that waits; it is durable when it returns.
const { createRequire } = require("node:module");
const net = require("node:net");

const [modules, folder, dimensionText] = process.argv.slice(2);
const dimension = Number(dimensionText);
const resolve = createRequire(modules + "/");
const lancedb = resolve("@lancedb/lancedb");
const arrow = resolve("apache-arrow");
const MAX_WAITING = 20_000;
const MAX_BATCH = 4_096;

const vectorType = new arrow.FixedSizeList(dimension, new arrow.Field("item", new arrow.Float32(), true));
const schema = new arrow.Schema([
  new arrow.Field("id", new arrow.Utf8(), false),
  new arrow.Field("text", new arrow.Utf8(), false),
  new arrow.Field("vector", vectorType, false),
]);

const sockets = new Set();
const waiting = [];
let table;
let adding = false;

function batchOf(rows) {
  const floats = new Float32Array(rows.length * dimension);
  const bytes = Buffer.from(floats.buffer);
  rows.forEach((row, i) => row.vector.copy(bytes, i * dimension * 4));
  const values = arrow.makeData({ type: new arrow.Float32(), length: floats.length, nullCount: 0, data: floats });
  const vectors = arrow.makeData({ type: vectorType, length: rows.length, nullCount: 0, child: values });
  const texts = (name) => arrow.vectorFromArray(rows.map((row) => row[name]), new arrow.Utf8()).data[0];
  const children = [texts("id"), texts("text"), vectors];
  const struct = arrow.makeData({ type: new arrow.Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, struct)]);
}

async function addAll() {
  if (adding) return;
  adding = true;
  while (waiting.length > 0) {
    const rows = waiting.splice(0, MAX_BATCH);
    await table.add(batchOf(rows));
    const counts = new Map();
    for (const row of rows) counts.set(row.socket, (counts.get(row.socket) ?? 0) + 1);
    for (const [socket, count] of counts) {
      const answer = Buffer.alloc(4);
      answer.writeUInt32LE(count);
      socket.write(answer);
    }
    if (waiting.length < MAX_WAITING) sockets.forEach((socket) => socket.resume());
  }
  adding = false;
}

function take(socket, bytes) {
  let at = 0;
  while (bytes.length - at >= 4 && bytes.length - at >= 4 + bytes.readUInt32LE(at)) {
    const end = at + 4 + bytes.readUInt32LE(at);
    const idEnd = at + 8 + bytes.readUInt32LE(at + 4);
    const textEnd = idEnd + 4 + bytes.readUInt32LE(idEnd);
    waiting.push({
      socket,
      id: bytes.toString("latin1", at + 8, idEnd),
      text: bytes.toString("latin1", idEnd + 4, textEnd),
      vector: bytes.subarray(textEnd, end),
    });
    at = end;
  }
  return bytes.subarray(at);
}

async function main() {
  const database = await lancedb.connect(folder);
  table = await database.createEmptyTable("observations", schema);
  const server = net.createServer((socket) => {
    let rest = Buffer.alloc(0);
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      rest = take(socket, rest.length === 0 ? bytes : Buffer.concat([rest, bytes]));
      if (waiting.length >= MAX_WAITING) socket.pause();
      addAll().catch(fail);
    });
  });
  server.listen(0, "127.0.0.1", () => console.log("ready: " + server.address().port));
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

main().catch(fail);
