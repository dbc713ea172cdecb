import { deferred, quiet } from "./deferred.js";
import { EpisodeNames } from "./episodes.js";
import { MyelinError } from "./errors.js";
import { Emitter } from "./events.js";
import { Flow } from "./flow.js";
import { Link } from "./link.js";
import { settingsOf } from "./options.js";
import { Outbox } from "./outbox.js";
import { BatchedAnswer, Recalls, WholeAnswer } from "./recalls.js";
import { Receiver } from "./receiver.js";
import { Sender } from "./sender.js";
import { verdictsOf } from "./source.js";
export class MyelinClient extends Emitter {
    #settings;
    #outbox;
    #recalls;
    #link;
    #sender;
    #flow;
    #names = new EpisodeNames();
    #connected = deferred();
    #over = deferred();
    #state = "new";
    #session;
    #closing;
    #sessionEnded;
    constructor(options) {
        super();
        this.#settings = settingsOf(options);
        this.#outbox = new Outbox(this.#settings.maxUnacknowledged);
        this.#recalls = new Recalls(this.#settings.maxPendingRecalls);
        this.#link = new Link(this.#settings, {
            ready: (session) => this.#ready(session),
            received: (message) => receiver.receive(message),
            lost: (end, retryInMs) => {
                this.#state = "waiting";
                this.#sessionEnded?.resolve();
                this.emit("disconnect", { ...end, retryInMs });
            },
            gaveUp: (reason) => this.#finish(reason),
        });
        this.#sender = new Sender(this.#outbox, this.#link, this.#settings);
        this.#flow = new Flow(this.#link, this.#sender);
        const receiver = this.#receiver();
        quiet(this.#connected.promise);
    }
    get state() {
        return this.#state;
    }
    get session() {
        return this.#session;
    }
    get unacknowledged() {
        return this.#outbox.size;
    }
    get rateLimit() {
        return this.#sender.pacer.limit;
    }
    connect() {
        if (this.#state === "new") {
            this.#state = "connecting";
            this.#link.start();
        }
        return this.#connected.promise;
    }
    reconnectNow() {
        this.#link.retryNow();
    }
    observe(episode, options = {}) {
        try {
            this.#refuseIfOver();
            const verdict = this.#outbox.add(this.#names.complete(episode), options.priority ?? "normal");
            this.#sender.pump();
            return verdict;
        }
        catch (error) {
            return Promise.reject(error);
        }
    }
    async ready() {
        this.#refuseIfOver();
        await this.#outbox.room();
        this.#refuseIfOver();
    }
    observeAll(source, options = {}) {
        return verdictsOf(source, this.#settings.maxUnacknowledged, async (episode) => {
            await this.ready();
            return { verdict: this.observe(episode, options) };
        });
    }
    recall(query, options = {}) {
        const answer = new WholeAnswer();
        try {
            this.#ask(query, answer, options);
        }
        catch (error) {
            return Promise.reject(error);
        }
        return answer.promise;
    }
    async *recallBatches(query, options = {}) {
        const answer = new BatchedAnswer();
        const recall = this.#ask(query, answer, options);
        try {
            for (let b = await answer.queue.take(); b !== undefined; b = await answer.queue.take()) {
                yield b;
            }
        }
        finally {
            this.#recalls.forget(recall.id);
        }
    }
    async pause() {
        this.#refuseIfOver();
        await this.#flow.set(true);
    }
    async resume() {
        this.#refuseIfOver();
        await this.#flow.set(false);
    }
    close(options = {}) {
        return (this.#closing ??= this.#close(options.drain ?? true, options.timeoutMs ?? 30_000));
    }
    async #close(drain, timeoutMs) {
        const timeout = deferred();
        const cancel = this.#settings.clock.after(timeoutMs, () => timeout.resolve());
        const within = (wanted) => Promise.race([wanted, timeout.promise, this.#over.promise]);
        if (drain && this.#state !== "new") {
            if (this.#flow.isPaused)
                void this.#flow.set(false);
            await within(this.#outbox.empty());
        }
        const lastSequence = this.#outbox.settledSequence;
        if (this.#link.isReady) {
            const ended = (this.#sessionEnded = deferred());
            const session = this.#link.session;
            this.#link.send(this.#link.encode({ type: "close", session, drain, lastSequence }));
            if (drain)
                await within(ended.promise);
        }
        cancel();
        this.#finish(undefined);
        return lastSequence;
    }
    #receiver() {
        const parts = {
            outbox: this.#outbox,
            recalls: this.#recalls,
            link: this.#link,
            sender: this.#sender,
            flow: this.#flow,
            clock: this.#settings.clock,
        };
        return new Receiver(parts, {
            tell: (type, detail) => this.emit(type, detail),
            closed: () => this.#sessionEnded?.resolve(),
            over: (reason) => this.#finish(reason),
        });
    }
    #ready(session) {
        this.#state = "open";
        this.#session = session;
        const settled = this.#outbox.restart(session.initialSequence, session.resumed);
        this.#connected.resolve(session);
        this.emit("open", session);
        for (const { sequence, episode } of settled) {
            this.emit("verdict", { status: "settled", sequence, memoryId: episode.id });
        }
        this.#flow.tell();
        for (const recall of this.#recalls.restart())
            this.#sendRecall(recall);
        this.#sender.begin();
    }
    #ask(query, answer, { signal }) {
        this.#refuseIfOver();
        if (signal?.aborted === true)
            throw aborted();
        const recall = this.#recalls.add(typeof query === "string" ? { text: query } : query, answer);
        const abort = () => {
            this.#recalls.forget(recall.id);
            answer.failed(aborted());
        };
        signal?.addEventListener("abort", abort);
        recall.release = () => signal?.removeEventListener("abort", abort);
        if (this.#link.isReady)
            this.#sendRecall(recall);
        return recall;
    }
    #sendRecall({ id, query }) {
        const session = this.#link.session;
        this.#link.send(this.#link.encode({ type: "recall", session, requestId: id, query }));
    }
    #refuseIfOver() {
        if (this.#state === "closed" || this.#closing !== undefined) {
            throw new MyelinError("closed", "The client is closed. Make a new one.");
        }
    }
    #finish(reason) {
        if (this.#state === "closed")
            return;
        this.#state = "closed";
        this.#link.stop();
        const told = reason ?? new MyelinError("closed", "The client was closed before this could be settled.");
        this.#outbox.fail(told);
        this.#recalls.fail(told);
        this.#flow.fail(told);
        this.#connected.reject(told);
        this.#over.resolve();
        this.emit("close", reason);
    }
}
function aborted() {
    return new MyelinError("aborted", "The recall was aborted.");
}
