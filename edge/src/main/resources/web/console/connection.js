import { MyelinClient } from "../client/client.js";
import { create, element } from "./page.js";
export class ConnectionPanel {
    #users;
    #settings = element("settings", HTMLFormElement);
    #space = element("space", HTMLInputElement);
    #key = element("key", HTMLInputElement);
    #state = element("connection", HTMLElement);
    #text = element("connection-text", HTMLElement);
    #notice = element("notice", HTMLElement);
    #names = element("space-names", HTMLDataListElement);
    #client;
    constructor(users) {
        this.#users = users;
        this.#settings.addEventListener("submit", (event) => {
            event.preventDefault();
            this.connect();
        });
        const asked = new URLSearchParams(location.search).get("space");
        if (asked !== null)
            this.#space.value = asked;
    }
    get apiKey() {
        return this.#key.value === "" ? undefined : this.#key.value;
    }
    askForKey() {
        element("key-field", HTMLElement).hidden = false;
        this.#key.focus();
    }
    propose(spaces) {
        this.#names.replaceChildren(...spaces.map((space) => {
            const option = document.createElement("option");
            option.value = space;
            return option;
        }));
    }
    choose(space) {
        this.#space.value = space;
        this.connect();
    }
    connect() {
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
        for (const user of this.#users)
            user.use(client);
        this.#show("connecting", "connecting");
        client.connect().catch(() => undefined);
    }
    #listen(client) {
        const isCurrent = () => this.#client === client;
        client.on("open", ({ resumed, id }) => {
            if (!isCurrent())
                return;
            this.#show("open", resumed ? "connected again" : "connected");
            this.#state.title = `Session ${id}`;
        });
        client.on("disconnect", ({ retryInMs }) => {
            const seconds = Math.ceil(retryInMs / 1000);
            if (isCurrent())
                this.#show("waiting", `connection lost, trying again in ${seconds} s`);
        });
        client.on("status", ({ state, text }) => {
            if (!isCurrent())
                return;
            if (state === "ACTIVE")
                this.#show("open", "connected");
            else if (state !== "CLOSED")
                this.#show("waiting", text === "" ? state : text);
        });
        client.on("close", (reason) => {
            if (!isCurrent())
                return;
            this.#show("closed", "closed");
            if (reason !== undefined)
                this.#complain(reason);
        });
        client.on("error", (error) => {
            if (isCurrent())
                this.#complain(error);
        });
    }
    #show(state, text) {
        this.#state.dataset["state"] = state;
        this.#text.textContent = text;
    }
    #complain(error) {
        this.#notice.replaceChildren(create("span", "", error.message));
        this.#notice.hidden = false;
    }
}
