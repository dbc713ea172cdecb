package dev.myelin.edge.grpc;

import dev.myelin.edge.grpc.call.Call;
import dev.myelin.edge.grpc.call.CallListener;
import dev.myelin.edge.wire.Recalls;
import dev.myelin.memory.Recollection;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.proto.engram.v1.StreamingRecallRequest;
import dev.myelin.stream.ServerMessage.RecallResult;
import dev.myelin.stream.ServerMessage.RecallSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RecallStream: one search, its results in batches as fast as the client reads them.
///
/// The results are those of one snapshot, whether the client asked for isolation or not.
final class RecallStream extends SingleRequest<StreamingRecallRequest> {
  private static final int BATCH = 10;
  private static final Messages<StreamingRecallRequest> MESSAGES =
      Messages.of(StreamingRecallRequest.getDefaultInstance());

  private final Call call;
  private final Caller caller;
  private final Recalling recalling;
  private final GrpcServices services;
  private String requestId = "";
  private @Nullable Recollection found;
  private @Nullable RecallSummary summary;
  private int written;

  private RecallStream(Call call, Recalling recalling, GrpcServices services) {
    super(MESSAGES);
    this.call = call;
    this.caller = Caller.of(call);
    this.recalling = recalling;
    this.services = services;
  }

  static CallListener begin(Call call, Recalling recalling, GrpcServices services) {
    call.open();
    return new RecallStream(call, recalling, services);
  }

  @Override
  protected void handle(StreamingRecallRequest request) {
    requestId = request.getRequestId();
    Replies.whenDone(
        call,
        recalling.find(
            Recalls.read(
                request, caller.reads(request.getMemorySpaceId()), services.clock().instant())),
        recollection -> {
          found = recollection;
          summary = Recalling.summary(recollection);
          writable();
        });
  }

  @Override
  public void writable() {
    Recollection answer = found;
    RecallSummary how = summary;
    if (answer == null || how == null) {
      return;
    }
    int total = answer.results().size();
    do {
      if (call.isFull()) {
        return;
      }
      List<Recalled> batch = answer.results().subList(written, Math.min(written + BATCH, total));
      written += batch.size();
      call.write(
          Recalls.write(
              new RecallResult(requestId, batch, written < total, answer.snapshotSequence(), how)));
      call.flush();
    } while (written < total);
    found = null;
    call.end();
  }
}
