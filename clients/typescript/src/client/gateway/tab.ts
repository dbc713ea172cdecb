interface Locks {
  request(name: string, options: { signal: AbortSignal }, holding: () => Promise<void>): Promise<void>;
}

/** A page that is reloaded finds the lock of the one before it held for a moment. */
const RELOAD_MS = 1_000;

/**
 * Keeps a name for one tab. A tab that is duplicated starts with a copy of the other one's `sessionStorage`: with the
 * name and session in it, the two would take each other's place for ever.
 */
export class TabName {
  #release: (() => void) | undefined;
  #stop: AbortController | undefined;

  /**
   * Says whether the name is this tab's alone: at once where nothing can be known of other tabs, else when it is
   * certain. The name is kept until `release`.
   */
  hold(name: string, then: (alone: boolean) => void): void {
    const locks = locksHere();
    if (locks === undefined) {
      then(true);
      return;
    }
    const stop = (this.#stop = new AbortController());
    const late = setTimeout(() => stop.abort(), RELOAD_MS);
    const holding = (): Promise<void> => {
      clearTimeout(late);
      then(true);
      return new Promise((release) => (this.#release = release));
    };
    locks.request(name, { signal: stop.signal }, holding).catch(() => {
      clearTimeout(late);
      if (this.#stop === stop) then(false);
    });
  }

  release(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#release?.();
    this.#release = undefined;
  }
}

/** Only pages are duplicated. */
function locksHere(): Locks | undefined {
  const { document, navigator } = globalThis as {
    readonly document?: unknown;
    readonly navigator?: { readonly locks?: Locks };
  };
  return document === undefined ? undefined : navigator?.locks;
}
