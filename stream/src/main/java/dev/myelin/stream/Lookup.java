package dev.myelin.stream;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A reply that must be looked up first: the work begins when its turn comes, off the event loop,
/// so it sees everything that was replied before it. If the work fails, its reason is the reply.
final class Lookup extends Reply {
  private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);

  private final String requestId;
  private final Supplier<Reply> work;
  private final UnaryOperator<String> explain;
  private boolean begun;
  private volatile @Nullable Reply found;

  /// @param requestId the client's name for the recall that it is, or empty
  /// @param explain makes the reason of a failure a text for the client
  Lookup(String requestId, Supplier<Reply> work, UnaryOperator<String> explain) {
    this.requestId = requestId;
    this.work = work;
    this.explain = explain;
  }

  @Override
  boolean write(ObservationConnection out) {
    if (!begun) {
      begun = true;
      begin(out);
    }
    Reply reply = found;
    return reply != null && reply.write(out);
  }

  private void begin(ObservationConnection out) {
    try {
      out.service()
          .recalls()
          .execute(() -> {
            found = run();
            out.signal();
          });
    } catch (RejectedExecutionException _) {
      found = failure(ErrorCode.OVERLOADED, Texts.NO_ROOM_TO_LOOK);
    }
  }

  private Reply run() {
    try {
      return work.get();
    } catch (ServiceException e) {
      return failure(e.code(), e.text());
    } catch (RuntimeException e) { // the thread ends here, and the client waits for an answer
      String reference = Texts.reference();
      LOG.atError().setCause(e).addKeyValue("reference", reference).log("lookup failed");
      return failure(ErrorCode.INTERNAL, Texts.internal(reference));
    }
  }

  private Reply failure(ErrorCode code, String reason) {
    return Reply.failure(requestId, code, explain.apply(reason));
  }
}
