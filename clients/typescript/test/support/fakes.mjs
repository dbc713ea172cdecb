// Time that stands still until told, chance that is known, and sockets that a test plays the server of.

export class ManualClock {
  #now = 0;
  #tasks = [];
  chance = 0.5;

  now() {
    return this.#now;
  }

  random() {
    return this.chance;
  }

  after(milliseconds, task) {
    const entry = { at: this.#now + milliseconds, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  get waiting() {
    return this.#tasks.length;
  }

  advance(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = this.#tasks.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#tasks = this.#tasks.filter((entry) => entry !== due);
      this.#now = due.at;
      due.task();
    }
    this.#now = end;
  }
}

/** A class of sockets that talk JSON; `all` lists those that were opened, in order. */
export function sockets() {
  return class FakeSocket {
    static all = [];
    static get last() {
      return this.all.at(-1);
    }

    readyState = 0;
    bufferedAmount = 0;
    sent = [];
    closed = undefined;

    constructor(url, protocols) {
      this.url = url;
      this.protocols = protocols;
      this.constructor.all.push(this);
    }

    send(frame) {
      this.sent.push(JSON.parse(frame));
    }

    close(code, reason) {
      this.readyState = 3;
      this.closed ??= { code, reason };
    }

    open() {
      this.readyState = 1;
      this.onopen?.({});
    }

    say(message) {
      this.onmessage?.({ data: JSON.stringify(message) });
    }

    cut(code = 1006) {
      this.readyState = 3;
      this.onclose?.({ code, reason: "" });
    }

    /** Opens and answers the client's init. */
    welcome(session = "s1", initialSequence = 0) {
      this.open();
      this.say({ type: "init_ack", session_id: session, initial_sequence: initialSequence });
    }

    ack(...sequences) {
      for (const sequence of sequences) {
        this.say({
          type: "ack",
          sequence_number: sequence,
          status: "accepted",
          memory_id: `m${sequence}`,
          committed_at: "2026-01-02T03:04:05.678Z",
        });
      }
    }

    /** What was sent of one type. */
    of(type) {
      return this.sent.filter((message) => message.type === type);
    }

    get sequences() {
      return this.of("observation").map((message) => message.sequence_number);
    }
  };
}
