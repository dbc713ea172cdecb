package dev.myelin.edge.fanout;

import dev.myelin.live.broker.Message;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An event as it goes to all connections: encoded when the first one asks for a form, and not
/// again. Any thread.
public final class EncodedEvent {
  private static final Encoded[] NONE = {};

  private final Message message;

  // Guarded by this for writing; replaced, never changed.
  private volatile Encoded[] forms = NONE;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Encoded(WireForm form, byte[] bytes) {}

  public EncodedEvent(Message message) {
    this.message = message;
  }

  public Message message() {
    return message;
  }

  public long offset() {
    return message.offset();
  }

  /// Whether it is neither stored nor told again.
  public boolean isEphemeral() {
    return message.offset() == 0;
  }

  /// The event's text; shared, not to be changed.
  public byte[] bytes(WireForm form) {
    byte[] known = known(form);
    return known != null ? known : encode(form);
  }

  private byte @Nullable [] known(WireForm form) {
    for (Encoded encoded : forms) {
      if (encoded.form.equals(form)) {
        return encoded.bytes;
      }
    }
    return null;
  }

  private synchronized byte[] encode(WireForm form) {
    byte[] known = known(form);
    if (known != null) {
      return known;
    }
    Encoded[] all = Arrays.copyOf(forms, forms.length + 1);
    byte[] bytes = form.encode(message);
    all[forms.length] = new Encoded(form, bytes);
    forms = all;
    return bytes;
  }
}
