import type { Http } from "./http.js";
import type { Json } from "./wire.js";

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a list holds, page by page: the next page is asked for when the one before is used up. */
export async function* pages(http: Http, path: string, query: Query): AsyncGenerator<Json> {
  let cursor: string | undefined;
  do {
    const response = await http.send("GET", path, { query: { ...query, cursor } });
    yield* (await response.json()) as Json[];
    cursor = cursorOf(response.headers.get("link"));
  } while (cursor !== undefined);
}

/** The cursor of the next page in `<...?cursor=...>; rel="next"`. */
function cursorOf(link: string | null): string | undefined {
  const next = link === null ? null : /<([^>]*)>\s*;[^,]*rel="?next"?/.exec(link);
  const target = next?.[1];
  return target === undefined
    ? undefined
    : (new URL(target, "http://server").searchParams.get("cursor") ?? undefined);
}
