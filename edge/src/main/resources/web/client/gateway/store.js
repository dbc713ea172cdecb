export function memoryStore() {
    const items = new Map();
    return {
        getItem: (key) => items.get(key) ?? null,
        setItem: (key, value) => void items.set(key, value),
        removeItem: (key) => void items.delete(key),
    };
}
export function defaultStore() {
    try {
        const { document, sessionStorage } = globalThis;
        return document !== undefined && sessionStorage !== undefined ? sessionStorage : memoryStore();
    }
    catch {
        return memoryStore();
    }
}
