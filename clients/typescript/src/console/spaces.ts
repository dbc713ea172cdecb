import { ago, count, create, element } from "./page.js";

/** A space, as `GET /v1/spaces` tells of it. */
export interface SpaceRow {
  readonly id: string;
  readonly memories: number;
  readonly dimension: number;
  readonly newest?: string | null;
}

/** The spaces of the server. */
export class SpacesPanel {
  readonly #panel = element("spaces", HTMLElement);
  readonly #rows = element("space-rows", HTMLElement);
  readonly #choose: (space: string) => void;

  constructor(choose: (space: string) => void) {
    this.#choose = choose;
  }

  show(spaces: readonly SpaceRow[]): void {
    this.#panel.hidden = spaces.length === 0;
    this.#rows.replaceChildren(...spaces.map((space) => this.#row(space)));
  }

  #row(space: SpaceRow): HTMLElement {
    const row = create("tr", "");
    const name = create("button", "link", space.id);
    name.addEventListener("click", () => this.#choose(space.id));
    const first = create("td", "");
    first.append(name);
    const dimension = space.dimension === 0 ? "–" : count(space.dimension);
    row.append(
      first,
      create("td", "number", count(space.memories)),
      create("td", "number", dimension),
      create("td", "", space.newest ? ago(new Date(space.newest)) : "–"),
    );
    return row;
  }
}

/** Asks the server. Undefined if it wants a key, or another one. */
export async function fetchSpaces(
  apiKey: string | undefined,
): Promise<readonly SpaceRow[] | undefined> {
  const headers: Record<string, string> =
    apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const answer = await fetch("/v1/spaces", { headers });
  if (answer.status === 401) return undefined;
  if (!answer.ok) return [];
  const body = (await answer.json()) as { readonly spaces?: readonly SpaceRow[] };
  return body.spaces ?? [];
}
