export { MyelinClient } from "./client.js";
export { MyelinError } from "./errors.js";
