package dev.myelin.memory.embedding;

import dev.myelin.journal.nativelib.BackgroundThreads;
import dev.myelin.model.Embedding;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Embeds with the model inside the program, bge-small-en-v1.5: English, 384 values of length 1,
/// the first 512 tokens of a text (about 350 words).
///
/// Passages and questions have pools of their own, so that a question never waits behind passages.
/// A text has the same embedding whatever else is embedded. The model is loaded once, on a thread
/// of its own; `lock` guards that and the closing.
final class InProcessEmbedder implements Embedder {
  private static final Logger LOG = LoggerFactory.getLogger(InProcessEmbedder.class);
  private static final int MAX_WAITING = 256;
  private static final long IDLE_SECONDS = 30;

  private final int threads;
  private final ThreadPoolExecutor passages;
  private final ThreadPoolExecutor queries;
  private final Object lock = new Object();
  private @Nullable CompletableFuture<BgeModel> loading;
  private boolean closed;

  InProcessEmbedder(int threads) {
    this.threads = threads;
    passages = pool(threads, BackgroundThreads.numbered("embed-passages-"));
    queries = pool(threads, Thread.ofPlatform().name("embed-query-", 1).daemon().factory());
  }

  private static ThreadPoolExecutor pool(int threads, ThreadFactory factory) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            factory);
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  @Override
  public String model() {
    return BgeModel.NAME;
  }

  @Override
  public int dimension() {
    return BgeModel.DIMENSION;
  }

  @Override
  public void prepare() {
    var _ = loading();
  }

  private CompletableFuture<BgeModel> loading() {
    synchronized (lock) {
      if (closed) {
        throw shuttingDown();
      }
      if (loading == null) {
        CompletableFuture<BgeModel> started = new CompletableFuture<>();
        Thread.ofPlatform().name("embed-load").daemon().start(() -> load(started));
        loading = started;
      }
      return loading;
    }
  }

  private static void load(CompletableFuture<BgeModel> loading) {
    long begin = System.nanoTime();
    try {
      loading.complete(BgeModel.load());
      LOG.atInfo()
          .addKeyValue("model", BgeModel.NAME)
          .addKeyValue("ms", (System.nanoTime() - begin) / 1_000_000)
          .log("embedding model loaded");
    } catch (IllegalStateException | LinkageError e) {
      // A process that ends lets no library register for its end; nobody waits for the model then.
      LOG.atLevel(isProcessEnding() ? Level.DEBUG : Level.ERROR)
          .addKeyValue("model", BgeModel.NAME)
          .setCause(e)
          .log("embedding model unusable");
      loading.completeExceptionally(e);
    }
  }

  /// Whether the JVM has begun to stop: it tells nobody, but refuses those who want to be told.
  private static boolean isProcessEnding() {
    Thread never = Thread.ofPlatform().unstarted(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(never);
      return !Runtime.getRuntime().removeShutdownHook(never);
    } catch (IllegalStateException _) {
      return true;
    }
  }

  @Override
  public List<Embedding> embedPassages(List<String> texts) {
    if (texts.isEmpty()) {
      return List.of();
    }
    CompletableFuture<BgeModel> model = loading();
    int slice = Math.ceilDiv(texts.size(), threads);
    List<Future<List<Embedding>>> slices = new ArrayList<>(threads);
    for (int from = 0; from < texts.size(); from += slice) {
      List<String> part = texts.subList(from, Math.min(from + slice, texts.size()));
      slices.add(submit(passages, () -> part.stream().map(model.get()::embedPassage).toList()));
    }
    List<Embedding> embeddings = new ArrayList<>(texts.size());
    slices.forEach(part -> embeddings.addAll(await(part)));
    return embeddings;
  }

  @Override
  public Embedding embedQuery(String text) {
    CompletableFuture<BgeModel> model = loading();
    return await(submit(queries, () -> model.get().embedQuery(text)));
  }

  private <T> Future<T> submit(ThreadPoolExecutor pool, Callable<T> task) {
    try {
      return pool.submit(task);
    } catch (RejectedExecutionException e) {
      synchronized (lock) {
        throw closed ? shuttingDown() : overloaded();
      }
    }
  }

  private static <T> T await(Future<T> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw shuttingDown();
    } catch (ExecutionException e) {
      throw new ServiceException(
          ErrorCode.INTERNAL,
          "The embedding model inside the server does not run on this machine."
              + " Set embedding.provider to openai or none; texts are found by their words.",
          null,
          e.getCause());
    }
  }

  private static ServiceException shuttingDown() {
    return new ServiceException(
        ErrorCode.SHUTTING_DOWN, "The server is shutting down. Connect again later.");
  }

  private static ServiceException overloaded() {
    return new ServiceException(
        ErrorCode.OVERLOADED, "Too many texts wait for their embedding. Try again later.");
  }

  @Override
  public void close() {
    CompletableFuture<BgeModel> model;
    synchronized (lock) {
      closed = true;
      model = loading;
    }
    // ThreadPoolExecutor.close() waits for what is queued.
    passages.close();
    queries.close();
    if (model != null) {
      closeWhenLoaded(model);
    }
  }

  private static void closeWhenLoaded(CompletableFuture<BgeModel> model) {
    try {
      model.join().close();
    } catch (CompletionException e) {
      LOG.atDebug().setCause(e).log("no embedding model to close");
    }
  }
}
