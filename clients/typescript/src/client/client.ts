import type {
  ClientEvents,
  ClientState,
  CloseOptions,
  ObserveOptions,
  RecallOptions,
} from "./api.js";
import { deferred, quiet, type Deferred } from "./deferred.js";
import { EpisodeNames } from "./episodes.js";
import { MyelinError } from "./errors.js";
import { Emitter } from "./events.js";
import { Flow } from "./flow.js";
import { Link } from "./link.js";
import { settingsOf, type ClientOptions, type Settings } from "./options.js";
import { Outbox } from "./outbox.js";
import { BatchedAnswer, Recalls, WholeAnswer, type Answer, type PendingRecall } from "./recalls.js";
import { Receiver } from "./receiver.js";
import { Sender } from "./sender.js";
import { verdictsOf } from "./source.js";
import type { Episode, RecallBatch, RecallQuery, Recollection, Session, Verdict } from "./types.js";

/**
 * A stream of observations into a Myelin server, and of memories out of it.
 *
 * It survives broken connections: observations without a verdict are kept (at most
 * `maxUnacknowledged`), the session is resumed, what the server had settled meanwhile is told as
 * `settled`, and the rest goes again with the same numbers. Every observation gets exactly one verdict.
 */
export class MyelinClient extends Emitter<ClientEvents> {
  readonly #settings: Settings;
  readonly #outbox: Outbox;
  readonly #recalls: Recalls;
  readonly #link: Link;
  readonly #sender: Sender;
  readonly #flow: Flow;
  readonly #names = new EpisodeNames();
  readonly #connected: Deferred<Session> = deferred();
  readonly #over: Deferred<void> = deferred();
  #state: ClientState = "new";
  #session: Session | undefined;
  #closing: Promise<number> | undefined;
  #sessionEnded: Deferred<void> | undefined;

  constructor(options: ClientOptions) {
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

  get state(): ClientState {
    return this.#state;
  }

  /** The session of the newest connection. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Observations without a verdict. */
  get unacknowledged(): number {
    return this.#outbox.size;
  }

  /** Observations a second the server's pressure allows now; Infinity if it has none. */
  get rateLimit(): number {
    return this.#sender.pacer.limit;
  }

  /** Starts; completes with the first session. Observing and recalling need not wait for it. */
  connect(): Promise<Session> {
    if (this.#state === "new") {
      this.#state = "connecting";
      this.#link.start();
    }
    return this.#connected.promise;
  }

  /** Does not wait for the delay before the next attempt to be over. */
  reconnectNow(): void {
    this.#link.retryNow();
  }

  /**
   * Observes; completes with the verdict, and fails only if there can be none.
   *
   * Fails with `outbox_full` when `maxUnacknowledged` observations have no verdict yet: wait for
   * `ready()` before you observe more, or use `observeAll()`.
   */
  observe(episode: Episode | string, options: ObserveOptions = {}): Promise<Verdict> {
    try {
      this.#refuseIfOver();
      const verdict = this.#outbox.add(this.#names.complete(episode), options.priority ?? "normal");
      this.#sender.pump();
      return verdict;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Completes when there is room for one more observation. */
  async ready(): Promise<void> {
    this.#refuseIfOver();
    await this.#outbox.room();
    this.#refuseIfOver();
  }

  /** Observes a whole source at the pace the server takes it; gives the verdicts in order. */
  observeAll(
    source: AsyncIterable<Episode | string> | Iterable<Episode | string>,
    options: ObserveOptions = {},
  ): AsyncGenerator<Verdict, void, undefined> {
    return verdictsOf(source, this.#settings.maxUnacknowledged, async (episode) => {
      await this.ready();
      return { verdict: this.observe(episode, options) };
    });
  }

  /** Recalls; completes with the whole answer. It sees every observation that has its verdict. */
  recall(query: RecallQuery | string, options: RecallOptions = {}): Promise<Recollection> {
    const answer = new WholeAnswer();
    try {
      this.#ask(query, answer, options);
    } catch (error) {
      return Promise.reject(error);
    }
    return answer.promise;
  }

  /** Recalls; gives the answer in batches of ten as they come. */
  async *recallBatches(
    query: RecallQuery | string,
    options: RecallOptions = {},
  ): AsyncGenerator<RecallBatch, void, undefined> {
    const answer = new BatchedAnswer();
    const recall = this.#ask(query, answer, options);
    try {
      for (let b = await answer.queue.take(); b !== undefined; b = await answer.queue.take()) {
        yield b;
      }
    } finally {
      this.#recalls.forget(recall.id);
    }
  }

  /** Stops sending observations; completes when the server knows. What is observed meanwhile waits. */
  async pause(): Promise<void> {
    this.#refuseIfOver();
    await this.#flow.set(true);
  }

  /** Goes on sending; completes when the server knows. */
  async resume(): Promise<void> {
    this.#refuseIfOver();
    await this.#flow.set(false);
  }

  /**
   * Ends the session; completes with the last settled number.
   *
   * With `drain` everything observed so far gets its verdict first, over new connections if need be;
   * without, or when the time is over, what has none fails with `closed`.
   */
  close(options: CloseOptions = {}): Promise<number> {
    return (this.#closing ??= this.#close(options.drain ?? true, options.timeoutMs ?? 30_000));
  }

  async #close(drain: boolean, timeoutMs: number): Promise<number> {
    const timeout = deferred<void>();
    const cancel = this.#settings.clock.after(timeoutMs, () => timeout.resolve());
    const within = (wanted: Promise<void>): Promise<void> =>
      Promise.race([wanted, timeout.promise, this.#over.promise]);
    if (drain && this.#state !== "new") {
      if (this.#flow.isPaused) void this.#flow.set(false);
      await within(this.#outbox.empty());
    }
    const lastSequence = this.#outbox.settledSequence;
    if (this.#link.isReady) {
      const ended = (this.#sessionEnded = deferred<void>());
      const session = this.#link.session;
      this.#link.send(this.#link.encode({ type: "close", session, drain, lastSequence }));
      if (drain) await within(ended.promise);
    }
    cancel();
    this.#finish(undefined);
    return lastSequence;
  }

  #receiver(): Receiver {
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

  #ready(session: Session): void {
    this.#state = "open";
    this.#session = session;
    const settled = this.#outbox.restart(session.initialSequence, session.resumed);
    this.#connected.resolve(session);
    this.emit("open", session);
    for (const { sequence, episode } of settled) {
      this.emit("verdict", { status: "settled", sequence, memoryId: episode.id });
    }
    this.#flow.tell();
    for (const recall of this.#recalls.restart()) this.#sendRecall(recall);
    this.#sender.begin();
  }

  #ask(query: RecallQuery | string, answer: Answer, { signal }: RecallOptions): PendingRecall {
    this.#refuseIfOver();
    if (signal?.aborted === true) throw aborted();
    const recall = this.#recalls.add(typeof query === "string" ? { text: query } : query, answer);
    const abort = (): void => {
      this.#recalls.forget(recall.id);
      answer.failed(aborted());
    };
    signal?.addEventListener("abort", abort);
    recall.release = () => signal?.removeEventListener("abort", abort);
    if (this.#link.isReady) this.#sendRecall(recall);
    return recall;
  }

  #sendRecall({ id, query }: PendingRecall): void {
    const session = this.#link.session;
    this.#link.send(this.#link.encode({ type: "recall", session, requestId: id, query }));
  }

  #refuseIfOver(): void {
    if (this.#state === "closed" || this.#closing !== undefined) {
      throw new MyelinError("closed", "The client is closed. Make a new one.");
    }
  }

  #finish(reason: MyelinError | undefined): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#link.stop();
    const told =
      reason ?? new MyelinError("closed", "The client was closed before this could be settled.");
    this.#outbox.fail(told);
    this.#recalls.fail(told);
    this.#flow.fail(told);
    this.#connected.reject(told);
    this.#over.resolve();
    this.emit("close", reason);
  }
}

function aborted(): MyelinError {
  return new MyelinError("aborted", "The recall was aborted.");
}
