export { MyelinClient } from "./client.js";
export { MyelinError } from "./errors.js";
export { LibraryClient } from "./library/library-client.js";
export { verifyWebhook } from "./library/webhooks.js";
export { GatewayClient } from "./gateway/client.js";
export { GATEWAY_ERRORS, GatewayError } from "./gateway/errors.js";
export { memoryStore } from "./gateway/store.js";
