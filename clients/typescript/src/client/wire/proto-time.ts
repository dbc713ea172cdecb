import type { ProtoReader } from "./proto-reader.js";

/** `google.protobuf.Timestamp`, to the millisecond. */
export function readTime(message: ProtoReader): Date {
  let seconds = 0;
  let nanos = 0;
  message.each((field) => {
    if (field === 1) seconds = message.uint();
    else if (field === 2) nanos = message.uint();
  });
  return new Date(seconds * 1000 + Math.floor(nanos / 1_000_000));
}
