/** Listeners by event type; every type has its own detail. */
export class Emitter<Events> {
  readonly #listeners = new Map<keyof Events, Set<(detail: never) => void>>();

  /** Calls the listener on every such event, until the function it returns is called. */
  on<K extends keyof Events>(type: K, listener: (detail: Events[K]) => void): () => void {
    let all = this.#listeners.get(type);
    if (all === undefined) this.#listeners.set(type, (all = new Set()));
    all.add(listener);
    return () => this.off(type, listener);
  }

  off<K extends keyof Events>(type: K, listener: (detail: Events[K]) => void): void {
    this.#listeners.get(type)?.delete(listener);
  }

  /** The next such event. */
  once<K extends keyof Events>(type: K): Promise<Events[K]> {
    return new Promise((resolve) => {
      const stop = this.on(type, (detail) => {
        stop();
        resolve(detail);
      });
    });
  }

  /** Tells all listeners. One that throws is reported as an uncaught error and disturbs no other. */
  protected emit<K extends keyof Events>(type: K, detail: Events[K]): void {
    const all = this.#listeners.get(type);
    if (all === undefined || all.size === 0) return;
    for (const listener of [...all]) {
      try {
        (listener as (detail: Events[K]) => void)(detail);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
