export { MyelinClient } from "./client.js";
export { MyelinError } from "./errors.js";
export { LibraryClient } from "./library/library-client.js";
export { verifyWebhook } from "./library/webhooks.js";
