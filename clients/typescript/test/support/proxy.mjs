import { connect, createServer } from "node:net";

/** Hands bytes on between clients and a server, and cuts connections in the middle of them. */
export class Proxy {
  #listener;
  #pairs = new Set();
  #bytesLeft = Infinity;
  #nextCut;
  cuts = 0;

  /** @param nextCut how many bytes of a client pass until the next cut */
  static start(port, nextCut = () => Infinity) {
    const proxy = new Proxy();
    proxy.#nextCut = nextCut;
    proxy.#bytesLeft = nextCut();
    proxy.#listener = createServer((client) => proxy.#join(client, connect(port, "127.0.0.1")));
    return new Promise((resolve) => {
      proxy.#listener.listen(0, "127.0.0.1", () => resolve(proxy));
    });
  }

  get url() {
    return `http://127.0.0.1:${this.#listener.address().port}`;
  }

  /** Breaks all connections as a cable that is pulled: what is under way is lost. */
  cut() {
    this.cuts++;
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#pairs.clear();
  }

  stop() {
    this.cut();
    return new Promise((resolve) => this.#listener.close(resolve));
  }

  #join(client, server) {
    const pair = [client, server];
    this.#pairs.add(pair);
    for (const [socket, other] of [pair, [server, client]]) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
    }
    server.pipe(client);
    client.on("data", (bytes) => this.#pass(bytes, server, client));
  }

  #pass(bytes, server, client) {
    if (bytes.length > this.#bytesLeft) {
      server.write(bytes.subarray(0, this.#bytesLeft), () => this.cut());
      this.#bytesLeft = this.#nextCut();
      return;
    }
    this.#bytesLeft -= bytes.length;
    if (!server.write(bytes)) {
      client.pause();
      server.once("drain", () => client.resume());
    }
  }
}
