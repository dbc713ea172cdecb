import { ConnectionPanel } from "./connection.js";
import { RecallPanel } from "./recall.js";
import { fetchSpaces, SpacesPanel } from "./spaces.js";
import { StreamPanel } from "./stream.js";

const REFRESH_MS = 3_000;

const connection = new ConnectionPanel([new StreamPanel(), new RecallPanel()]);
const spaces = new SpacesPanel((space) => connection.choose(space));
let asked = false;

/** Shows the spaces, now and then again while somebody looks. */
async function refresh(): Promise<void> {
  if (document.visibilityState === "hidden") return;
  const found = await fetchSpaces(connection.apiKey);
  if (found === undefined) {
    if (!asked) connection.askForKey();
    asked = true;
    return;
  }
  spaces.show(found);
  connection.propose(found.map((space) => space.id));
}

connection.connect();
const tryRefresh = (): void => void refresh().catch(() => undefined);
tryRefresh();
setInterval(tryRefresh, REFRESH_MS);
