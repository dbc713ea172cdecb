// Nothing here is run: the compiler says whether events have the types that are promised.
import { GatewayClient, type GatewayEvent, type GatewayPayloads } from "../../dist/client/index.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>): void => undefined;

const gateway = new GatewayClient({ url: "http://localhost:8080" });
const team = gateway.channel("team:core");

team.on("team.activity", (event) => {
  same<typeof event, GatewayEvent<"team.activity">>(true);
  same<typeof event.payload.activity.user.name, string>(true);
  // @ts-expect-error a member that the event does not have
  event.payload.activity.nobody;
});
team.on("somebody.else", (event) => {
  same<typeof event, GatewayEvent>(true);
  same<typeof event.payload, Readonly<Record<string, unknown>>>(true);
});
gateway.on("state", (state) => same<typeof state, typeof gateway.state>(true));
gateway.on("team.notification", ({ payload }) => same<typeof payload, GatewayPayloads["team.notification"]>(true));
team.on("presence", ({ members }) => same<(typeof members)[number]["id"], string>(true));
// @ts-expect-error no event of the client, and none of the server without a dot
gateway.on("stat", () => undefined);

void team.publish("team.activity", {
  team_id: "core",
  activity: { type: "document_created", user: { id: "ann", name: "Ann" }, data: {} },
});
// @ts-expect-error an activity without its user
void team.publish("team.activity", { team_id: "core", activity: { type: "x", data: {} } });
void team.publish("somebody.else", { anything: 1 });
