import { MyelinClient } from "../client/client.js";
import type { MyelinError } from "../client/index.js";
import { create, element } from "./page.js";

/** Whoever shows something of a client, and is given the next one when the space changes. */
export interface ClientUser {
  use(client: MyelinClient): void;
}

/** The space, the key and the state of the connection; makes the client that all others use. */
export class ConnectionPanel {
  readonly #users: readonly ClientUser[];
  readonly #settings = element("settings", HTMLFormElement);
  readonly #space = element("space", HTMLInputElement);
  readonly #key = element("key", HTMLInputElement);
  readonly #state = element("connection", HTMLElement);
  readonly #text = element("connection-text", HTMLElement);
  readonly #notice = element("notice", HTMLElement);
  readonly #names = element("space-names", HTMLDataListElement);
  #client: MyelinClient | undefined;

  constructor(users: readonly ClientUser[]) {
    this.#users = users;
    this.#settings.addEventListener("submit", (event) => {
      event.preventDefault();
      this.connect();
    });
    const asked = new URLSearchParams(location.search).get("space");
    if (asked !== null) this.#space.value = asked;
  }

  get apiKey(): string | undefined {
    return this.#key.value === "" ? undefined : this.#key.value;
  }

  /** Shows the field for the key: the server wants one. */
  askForKey(): void {
    element("key-field", HTMLElement).hidden = false;
    this.#key.focus();
  }

  /** What the field for the space proposes. */
  propose(spaces: readonly string[]): void {
    this.#names.replaceChildren(
      ...spaces.map((space) => {
        const option = document.createElement("option");
        option.value = space;
        return option;
      }),
    );
  }

  choose(space: string): void {
    this.#space.value = space;
    this.connect();
  }

  /** Leaves the space of now, if there is one, and goes to the one in the field. */
  connect(): void {
    void this.#client?.close({ timeoutMs: 2_000 });
    const apiKey = this.apiKey;
    const client = new MyelinClient({
      url: new URL("/v1/stream", location.href),
      space: this.#space.value,
      maxUnacknowledged: 2_000,
      ...(apiKey === undefined ? {} : { apiKey }),
    });
    this.#client = client;
    this.#notice.hidden = true;
    this.#listen(client);
    for (const user of this.#users) user.use(client);
    this.#show("connecting", "connecting");
    client.connect().catch(() => undefined);
  }

  #listen(client: MyelinClient): void {
    const isCurrent = (): boolean => this.#client === client;
    client.on("open", ({ resumed, id }) => {
      if (!isCurrent()) return;
      this.#show("open", resumed ? "connected again" : "connected");
      this.#state.title = `Session ${id}`;
    });
    client.on("disconnect", ({ retryInMs }) => {
      const seconds = Math.ceil(retryInMs / 1000);
      if (isCurrent()) this.#show("waiting", `connection lost, trying again in ${seconds} s`);
    });
    client.on("status", ({ state, text }) => {
      if (!isCurrent()) return;
      if (state === "ACTIVE") this.#show("open", "connected");
      else if (state !== "CLOSED") this.#show("waiting", text === "" ? state : text);
    });
    client.on("close", (reason) => {
      if (!isCurrent()) return;
      this.#show("closed", "closed");
      if (reason !== undefined) this.#complain(reason);
    });
    client.on("error", (error) => {
      if (isCurrent()) this.#complain(error);
    });
  }

  #show(state: string, text: string): void {
    this.#state.dataset["state"] = state;
    this.#text.textContent = text;
  }

  #complain(error: MyelinError): void {
    this.#notice.replaceChildren(create("span", "", error.message));
    this.#notice.hidden = false;
  }
}
