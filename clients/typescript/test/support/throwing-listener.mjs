// A program of its own, for an uncaught error ends it.
import { MyelinClient } from "../../dist/client/index.js";
import { ManualClock, sockets } from "./fakes.mjs";

const Socket = sockets();
const client = new MyelinClient({ url: "ws://host", WebSocket: Socket, clock: new ManualClock() });
client.on("verdict", () => {
  throw new Error("the listener's");
});
client.on("verdict", ({ sequence }) => console.log(`verdict ${sequence}`));
client.connect();
Socket.last.welcome();
client.observe("x");
Socket.last.ack(1);
