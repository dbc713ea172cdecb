package dev.myelin.stream;

import dev.myelin.memory.Recollection;
import dev.myelin.memory.Recollection.Recalled;
import dev.myelin.stream.ServerMessage.RecallResult;
import dev.myelin.stream.ServerMessage.RecallSummary;
import java.util.List;

/// The answer to a recall, written in batches as the client has room for them.
final class RecallReply extends Reply {
  private final String requestId;
  private final Recollection recollection;
  private final int batchSize;
  private int next;

  RecallReply(String requestId, Recollection recollection, int batchSize) {
    this.requestId = requestId;
    this.recollection = recollection;
    this.batchSize = batchSize;
  }

  @Override
  boolean write(ObservationConnection out) {
    List<Recalled> all = recollection.results();
    boolean more;
    do {
      if (!out.takeRecallCredit()) {
        return false;
      }
      int end = Math.min(all.size(), next + batchSize);
      more = end < all.size();
      out.writer()
          .message(
              new RecallResult(
                  requestId,
                  all.subList(next, end),
                  more,
                  recollection.snapshotSequence(),
                  summary(all)));
      next = end;
    } while (more);
    return true;
  }

  private RecallSummary summary(List<Recalled> all) {
    float mean = (float) all.stream().mapToDouble(Recalled::activation).average().orElse(0);
    return new RecallSummary(recollection.candidates(), all.size(), mean, recollection.took());
  }
}
