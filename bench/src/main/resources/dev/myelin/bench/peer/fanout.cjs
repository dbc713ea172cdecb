// Tells every connection what one of them says, but not the one that said it.
//
//   node fanout.cjs MODULES ws|socketio
const { createRequire } = require("node:module");
const http = require("node:http");

const [modules, kind] = process.argv.slice(2);
const resolve = createRequire(modules + "/");
const server = http.createServer();

if (kind === "ws") {
  const { WebSocketServer } = resolve("ws");
  const all = new WebSocketServer({ server, perMessageDeflate: false });
  all.on("connection", (socket) => {
    socket.on("error", () => {});
    socket.on("message", (data) => {
      for (const other of all.clients) if (other !== socket) other.send(data, { binary: false });
    });
  });
} else {
  const { Server } = resolve("socket.io");
  const all = new Server(server, { transports: ["websocket"], perMessageDeflate: false });
  all.on("connection", (socket) => socket.on("event", (text) => socket.broadcast.emit("event", text)));
}

server.listen(0, "127.0.0.1", () => console.log(`ready: ${server.address().port}`));
