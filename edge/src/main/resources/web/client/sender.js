import { MyelinError } from "./errors.js";
import { Pacer } from "./pacer.js";
const BUFFER_CHECK_MS = 4;
export class Sender {
    pacer = new Pacer();
    #outbox;
    #link;
    #settings;
    #paused = false;
    #scheduled = false;
    constructor(outbox, link, settings) {
        this.#outbox = outbox;
        this.#link = link;
        this.#settings = settings;
    }
    begin() {
        this.pacer.speedUp(this.#settings.clock.now());
        this.pump();
    }
    pause(paused) {
        this.#paused = paused;
        if (!paused)
            this.pump();
    }
    pump() {
        const { clock, maxInFlight, maxBufferedBytes } = this.#settings;
        while (this.#link.isReady && !this.#paused && !this.#scheduled) {
            if (this.#outbox.inFlight >= maxInFlight)
                return;
            const entry = this.#outbox.next();
            if (entry === undefined)
                return;
            const now = clock.now();
            const wait = this.#link.bufferedAmount > maxBufferedBytes ? BUFFER_CHECK_MS : this.pacer.delay(now);
            if (wait > 0) {
                this.#later(wait);
                return;
            }
            this.#send(entry, now);
        }
    }
    #send(entry, now) {
        const frame = this.#link.encode({
            type: "observation",
            session: this.#link.session,
            sequence: entry.sequence,
            priority: entry.priority,
            episode: entry.episode,
        });
        const { maxMessageBytes } = this.#settings;
        const bytes = bytesOf(frame, maxMessageBytes);
        if (bytes > maxMessageBytes) {
            this.#outbox.withdraw(entry, new MyelinError("message_too_large", `The observation takes ${bytes} bytes (expected: at most ${maxMessageBytes}).` +
                " Shorten it or split it into several."));
            return;
        }
        this.#outbox.left(entry);
        this.pacer.sent(now);
        this.#link.send(frame);
    }
    #later(milliseconds) {
        this.#scheduled = true;
        this.#settings.clock.after(milliseconds, () => {
            this.#scheduled = false;
            this.pump();
        });
    }
}
function bytesOf(frame, limit) {
    if (typeof frame !== "string" || frame.length * 3 <= limit)
        return frame.length;
    return new TextEncoder().encode(frame).length;
}
