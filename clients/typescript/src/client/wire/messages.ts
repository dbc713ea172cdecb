import type {
  Capabilities,
  Episode,
  Priority,
  RecallBatch,
  RecallQuery,
  Rejected,
  StreamStatus,
} from "../types.js";

/** What the client says, whatever the form on the wire. */
export type ClientMessage =
  | {
      readonly type: "init";
      readonly space: string;
      readonly resume: string | undefined;
      readonly bufferSize: number;
      readonly batchedAcks: boolean;
      readonly indexedAcks: boolean;
    }
  | {
      readonly type: "observation";
      readonly session: string;
      readonly sequence: number;
      readonly priority: Priority;
      readonly episode: Episode;
    }
  | { readonly type: "flow"; readonly session: string; readonly action: "pause" | "resume" }
  | {
      readonly type: "recall";
      readonly session: string;
      readonly requestId: string;
      readonly query: RecallQuery;
    }
  | {
      readonly type: "close";
      readonly session: string;
      readonly drain: boolean;
      readonly lastSequence: number;
    };

/** What the server says, whatever the form on the wire. */
export type ServerMessage =
  | {
      readonly type: "init_ack";
      readonly session: string;
      readonly initialSequence: number;
      readonly capabilities: Capabilities;
    }
  | {
      readonly type: "accepted";
      readonly sequence: number;
      readonly memoryId: string;
      readonly committedAt: Date;
      readonly replaced: boolean;
    }
  | { readonly type: "rejected"; readonly verdict: Rejected }
  | { readonly type: "indexed"; readonly sequence: number; readonly memoryId: string }
  | {
      readonly type: "ack_batch";
      readonly from: number;
      readonly to: number;
      readonly committedAt: Date;
      readonly rejected: readonly Rejected[];
    }
  | { readonly type: "status"; readonly status: StreamStatus }
  | { readonly type: "recall_result"; readonly requestId: string; readonly batch: RecallBatch }
  | { readonly type: "heartbeat" }
  | {
      readonly type: "error";
      readonly code: string;
      readonly text: string;
      readonly sequence: number | undefined;
      readonly requestId: string | undefined;
    }
  /** Of a newer server: ignored. */
  | { readonly type: "unknown" };

/** One form of messages on the wire. */
export interface Codec {
  encode(message: ClientMessage): string | Uint8Array<ArrayBuffer>;
  /** @throws MyelinError `bad_message` if it makes no sense */
  decode(data: string | ArrayBuffer): ServerMessage;
}
