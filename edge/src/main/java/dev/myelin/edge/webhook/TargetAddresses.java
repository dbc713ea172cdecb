package dev.myelin.edge.webhook;

import dev.myelin.library.webhook.WebhookConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/// Looks the addresses of targets up and checks each of them. Names are looked up on a few threads
/// of their own, as the system may take its time over one. Blocks; any thread.
final class TargetAddresses implements AutoCloseable {
  private static final int MAX_THREADS = 16;
  private static final int MAX_WAITING = 256;

  /// A host whose last part is a number has to be an address in the usual form.
  private static final Pattern NUMERIC = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");

  private static final Pattern DOTTED_QUAD =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

  private final WebhookConfig.Targets bounds;
  private final ThreadPoolExecutor lookups =
      new ThreadPoolExecutor(
          MAX_THREADS,
          MAX_THREADS,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          Thread.ofPlatform().name("webhook-lookup-", 0).daemon().factory());

  TargetAddresses(WebhookConfig.Targets bounds) {
    this.bounds = bounds;
    lookups.allowCoreThreadTimeOut(true);
  }

  /// What is known of a target.
  sealed interface Found {}

  /// It may be called at any of these.
  record Allowed(List<InetAddress> addresses) implements Found {
    Allowed {
      addresses = List.copyOf(addresses);
    }
  }

  /// It may not be called.
  record Refused(String reason) implements Found {}

  /// Nobody knows where it is.
  record Unknown(String reason) implements Found {}

  Found find(URI target) throws InterruptedException {
    String host = target.getHost();
    if (host == null // such as 0x7f000001 or 127.1
        || (NUMERIC.matcher(host).matches() && !DOTTED_QUAD.matcher(host).matches())) {
      return new Refused("its host is neither a name nor an address in the usual form.");
    }
    Future<InetAddress[]> lookup;
    try {
      lookup = lookups.submit(() -> InetAddress.getAllByName(host));
    } catch (RejectedExecutionException _) {
      return new Unknown("Too many names are being looked up.");
    }
    try {
      return check(List.of(lookup.get(bounds.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)));
    } catch (ExecutionException e) {
      return new Unknown(
          e.getCause() instanceof UnknownHostException
              ? "The name of the target is not known."
              : "The name of the target could not be looked up.");
    } catch (TimeoutException _) {
      return new Unknown("The name of the target could not be looked up in time.");
    } finally {
      lookup.cancel(true);
    }
  }

  /// One bad address among good ones is a trap too.
  private Found check(List<InetAddress> addresses) {
    boolean bad = addresses.stream().anyMatch(address -> !isAllowed(address));
    return bad ? new Refused("its address is private, local or special.") : new Allowed(addresses);
  }

  private boolean isAllowed(InetAddress address) {
    return bounds.allowPrivate()
        ? !address.isMulticastAddress() && !address.isAnyLocalAddress()
        : AddressRules.isPublic(address);
  }

  @Override
  public void close() {
    lookups.shutdownNow();
  }
}
