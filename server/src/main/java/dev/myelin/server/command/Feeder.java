package dev.myelin.server.command;

import dev.myelin.client.MyelinClient;
import dev.myelin.client.ObservationStream;
import dev.myelin.client.StreamListener;
import dev.myelin.client.StreamOptions;
import dev.myelin.client.model.MyelinException;
import dev.myelin.client.model.Observation;
import dev.myelin.client.model.Priority;
import dev.myelin.server.shell.ProgressBar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Streams observations over some connections in turn, counts their verdicts, and says what was
/// left out and why. One thread sends; verdicts come on others.
final class Feeder implements AutoCloseable {
  private static final int IN_FLIGHT = 2_000;
  private static final int COMPLAINTS = 20;

  /// What to feed.
  ///
  /// @param bytes how long the input is, negative if nobody knows
  record Options(String space, int connections, Priority priority, long bytes) {}

  private final Options options;
  private final ProgressBar bar;
  private final List<ObservationStream> streams = new ArrayList<>();
  private final long began = System.nanoTime();
  private final AtomicLong remembered = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong complaints = new AtomicLong();
  private long badLines;
  private long badFiles;
  private long sent;
  private long bytesBefore;
  private volatile @Nullable MyelinException over;
  private boolean finished;

  private Feeder(Options options, ProgressBar bar) {
    this.options = options;
    this.bar = bar;
  }

  /// @throws MyelinException if there is no connection
  static Feeder open(MyelinClient client, Options options, ProgressBar bar) {
    Feeder feeder = new Feeder(options, bar);
    StreamOptions stream =
        StreamOptions.in(options.space())
            .withMaxInFlight(IN_FLIGHT)
            .withBatchedAcks()
            .withPriority(options.priority())
            .withListener(feeder.listener());
    for (int i = 0; i < options.connections(); i++) {
      ObservationStream opened = client.open(stream);
      feeder.streams.add(opened);
    }
    return feeder;
  }

  private StreamListener listener() {
    return new StreamListener() {
      @Override
      public void disconnected(MyelinException reason, Duration wait) {
        bar.say("myelin: " + reason.text() + " Trying again.");
      }
    };
  }

  /// Sends one observation; waits while too many are under way.
  void send(Observation observation, String file, long line, long bytesOfFile) {
    ObservationStream stream = streams.get((int) (sent++ % streams.size()));
    try {
      var _ =
          stream
              .observe(observation)
              .whenComplete((verdict, failure) -> {
                if (failure == null) {
                  remembered.incrementAndGet();
                } else {
                  refused(file, line, failure);
                }
              });
    } catch (MyelinException e) {
      refused(file, line, e);
    }
    draw(bytesOfFile);
  }

  private void draw(long bytesOfFile) {
    long now = System.nanoTime();
    long settled = remembered.get();
    double share =
        options.bytes() <= 0 ? -1 : (double) (bytesBefore + bytesOfFile) / options.bytes();
    bar.update(now, share, settled, rate(settled, now));
  }

  private double rate(long settled, long now) {
    return settled / Math.max(1e-9, (now - began) / 1e9);
  }

  /// A file was read to its end.
  void read(long bytes) {
    bytesBefore += bytes;
  }

  private void refused(String file, long line, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    rejected.incrementAndGet();
    if (cause instanceof MyelinException known && known.code().equals(MyelinException.CLOSED)) {
      over = known;
    } else if (cause instanceof MyelinException known
        && streams.stream().anyMatch(stream -> stream.ended().isDone())) {
      over = known;
    }
    complain(file + ":" + line + ": " + text(cause));
  }

  private static String text(Throwable cause) {
    return cause instanceof MyelinException known ? known.text() : cause.toString();
  }

  /// Whether a connection is gone for good, so that sending on makes no sense.
  boolean isOver() {
    return over != null;
  }

  void badLine(String file, long line, String text) {
    badLines++;
    complain(file + ":" + line + ": " + text);
  }

  void badFile(String file, String reason) {
    badFiles++;
    bar.say("myelin: " + file + ": " + reason);
  }

  private void complain(String text) {
    long number = complaints.incrementAndGet();
    if (number <= COMPLAINTS) {
      bar.say("myelin: " + text);
    } else if (number == COMPLAINTS + 1) {
      bar.say("myelin: more such lines follow and are only counted");
    }
  }

  /// Whether everything was read and remembered.
  boolean isClean() {
    return badFiles == 0 && badLines == 0 && rejected.get() == 0;
  }

  /// Waits for all verdicts.
  ///
  /// @return what to say at the end
  synchronized String finish() {
    if (!finished) {
      finished = true;
      for (ObservationStream stream : streams) {
        try {
          stream.close();
        } catch (MyelinException e) {
          bar.say("myelin: " + e.text());
        }
      }
    }
    bar.clear();
    return summary();
  }

  /// The process was told to stop: settles what was sent.
  String stop() {
    return finish();
  }

  private String summary() {
    long settled = remembered.get();
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%,d remembered in space %s", settled, options.space()));
    if (rejected.get() > 0) {
      text.append(String.format(Locale.ROOT, ", %,d rejected", rejected.get()));
    }
    if (badLines > 0) {
      text.append(String.format(Locale.ROOT, ", %,d bad lines left out", badLines));
    }
    long now = System.nanoTime();
    return text.append(
            String.format(
                Locale.ROOT, " (%,.0f/s, %.1f s)", rate(settled, now), (now - began) / 1e9))
        .toString();
  }

  @Override
  public void close() {
    streams.forEach(ObservationStream::abort);
    bar.clear();
  }
}
