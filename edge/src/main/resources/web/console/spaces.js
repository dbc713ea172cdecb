import { ago, count, create, element } from "./page.js";
export class SpacesPanel {
    #panel = element("spaces", HTMLElement);
    #rows = element("space-rows", HTMLElement);
    #choose;
    constructor(choose) {
        this.#choose = choose;
    }
    show(spaces) {
        this.#panel.hidden = spaces.length === 0;
        this.#rows.replaceChildren(...spaces.map((space) => this.#row(space)));
    }
    #row(space) {
        const row = create("tr", "");
        const name = create("button", "link", space.id);
        name.addEventListener("click", () => this.#choose(space.id));
        const first = create("td", "");
        first.append(name);
        const dimension = space.dimension === 0 ? "–" : count(space.dimension);
        row.append(first, create("td", "number", count(space.memories)), create("td", "number", dimension), create("td", "", space.newest ? ago(new Date(space.newest)) : "–"));
        return row;
    }
}
export async function fetchSpaces(apiKey) {
    const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    const answer = await fetch("/v1/spaces", { headers });
    if (answer.status === 401)
        return undefined;
    if (!answer.ok)
        return [];
    const body = (await answer.json());
    return body.spaces ?? [];
}
