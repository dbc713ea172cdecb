package dev.myelin.library.webhook.ledger;

import dev.myelin.journal.Table;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The journal's tables of webhooks, and their keys. What belongs to one webhook begins with its id
/// and a zero byte.
public final class WebhookTables {
  /// Webhook to its row, with the secret.
  public static final Table WEBHOOKS = new Table("webhook");

  /// Webhook and library to [Place].
  static final Table PLACES = new Table("webhook-place");

  /// Webhook to [Figures].
  static final Table FIGURES = new Table("webhook-figures");

  /// Webhook and number (big-endian) to [Delivery].
  static final Table DELIVERIES = new Table("webhook-delivery");

  private WebhookTables() {}

  public static byte[] key(String webhook) {
    return (webhook + "\0").getBytes(StandardCharsets.UTF_8);
  }

  static byte[] placeKey(String webhook, String library) {
    return (webhook + "\0" + library).getBytes(StandardCharsets.UTF_8);
  }

  /// The library at the end of a key of [#PLACES].
  static String library(String webhook, byte[] key) {
    int prefix = key(webhook).length;
    return new String(key, prefix, key.length - prefix, StandardCharsets.UTF_8);
  }

  /// The webhook that a key begins with.
  static String webhook(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  static byte[] deliveryKey(String webhook, long number) {
    byte[] prefix = key(webhook);
    return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(number).array();
  }

  /// The number at the end of a key of [#DELIVERIES].
  static long number(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - Long.BYTES);
  }
}
