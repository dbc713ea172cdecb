package dev.myelin.live.broker;

import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A broker inside one process: a few lines, each with a thread. All channels of one type and
/// tenant are in one of them.
public final class LocalBroker implements Broker {
  private final Audience audience = new Audience();
  private final List<Line> lines;
  private final LongAdder published = new LongAdder();
  private volatile boolean closed;

  private LocalBroker(BrokerConfig config) {
    int perLine = config.maxWaiting() / config.threads();
    lines =
        IntStream.range(0, config.threads())
            .mapToObj(number -> new Line("broker-" + number, perLine, audience))
            .toList();
  }

  public static LocalBroker open(BrokerConfig config) {
    return new LocalBroker(config);
  }

  @Override
  public void publish(Message message) {
    published.increment();
    if (!closed && audience.isHeard(message.channel())) {
      line(message.channel()).add(message);
    }
  }

  private Line line(ChannelId channel) {
    int number = channel.tenant().hashCode() + channel.type().word().hashCode();
    return lines.get(Math.floorMod(number, lines.size()));
  }

  @Override
  public Subscription subscribe(ChannelId channel, Receiver receiver) {
    return audience.add(channel, receiver);
  }

  @Override
  public Subscription subscribeAll(ChannelType type, @Nullable String tenant, Receiver receiver) {
    return audience.add(type, tenant, receiver);
  }

  @Override
  public BrokerStats stats() {
    return new BrokerStats(
        published.sum(),
        sum(Line::delivered),
        sum(Line::leftOut),
        sum(Line::errors),
        sum(Line::waiting),
        audience.size());
  }

  private long sum(ToLongFunction<Line> figure) {
    return lines.stream().mapToLong(figure).sum();
  }

  @Override
  public void close() {
    closed = true;
    lines.forEach(Line::close);
  }
}
