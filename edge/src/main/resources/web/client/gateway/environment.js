export function isVisible() {
    return globalThis.document?.visibilityState !== "hidden";
}
export function watchEnvironment(user) {
    const { document } = globalThis;
    const window = globalThis;
    const awake = () => user.awake();
    const leaving = () => user.leaving();
    const visibility = () => {
        const shown = isVisible();
        if (!shown)
            user.leaving();
        user.visible(shown);
        if (shown)
            user.awake();
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
