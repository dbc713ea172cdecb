export async function* pages(http, path, query) {
    let cursor;
    do {
        const response = await http.send("GET", path, { query: { ...query, cursor } });
        yield* (await response.json());
        cursor = cursorOf(response.headers.get("link"));
    } while (cursor !== undefined);
}
function cursorOf(link) {
    const next = link === null ? null : /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(link);
    const target = next?.[1];
    return target === undefined
        ? undefined
        : (new URL(target, "http://server").searchParams.get("cursor") ?? undefined);
}
