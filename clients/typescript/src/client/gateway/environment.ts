/** What happens around a page that a connection should know of. */
export interface EnvironmentUser {
  /** The network may be back, or the page is looked at again after a sleep: do not wait. */
  awake(): void;
  /** The page is shown or hidden now. */
  visible(shown: boolean): void;
  /** The page may end without another word. */
  leaving(): void;
}

interface Surroundings extends Partial<Pick<EventTarget, "addEventListener" | "removeEventListener">> {
  readonly document?: EventTarget & { readonly visibilityState?: string };
}

/** Whether a page is hidden; where there is no page, nothing is. */
export function isVisible(): boolean {
  return (globalThis as Surroundings).document?.visibilityState !== "hidden";
}

/** Listens until the function it returns is called. Outside of browsers there is nothing to hear. */
export function watchEnvironment(user: EnvironmentUser): () => void {
  const { document } = globalThis as Surroundings;
  const window = globalThis as Surroundings;
  const awake = (): void => user.awake();
  const leaving = (): void => user.leaving();
  const visibility = (): void => {
    const shown = isVisible();
    if (!shown) user.leaving();
    user.visible(shown);
    if (shown) user.awake();
  };
  window.addEventListener?.("online", awake);
  window.addEventListener?.("pageshow", awake);
  window.addEventListener?.("pagehide", leaving);
  document?.addEventListener("visibilitychange", visibility);
  return () => {
    window.removeEventListener?.("online", awake);
    window.removeEventListener?.("pageshow", awake);
    window.removeEventListener?.("pagehide", leaving);
    document?.removeEventListener("visibilitychange", visibility);
  };
}
