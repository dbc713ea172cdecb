/** Where a client keeps what has to survive a reload; `sessionStorage` is one. */
export interface GatewayStore {
  getItem(key: string): string | null;
  /** May throw if there is no room: then the client goes on, and tells. */
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Keeps nothing beyond this process. */
export function memoryStore(): GatewayStore {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** The tab's own storage, or memory where there is none or it is forbidden. */
export function defaultStore(): GatewayStore {
  try {
    const { document, sessionStorage } = globalThis as {
      readonly document?: unknown;
      readonly sessionStorage?: GatewayStore;
    };
    return document !== undefined && sessionStorage !== undefined ? sessionStorage : memoryStore();
  } catch {
    return memoryStore();
  }
}
