package dev.myelin.edge.gateway.message;

import dev.myelin.edge.gateway.Envelope;
import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayCode;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.rest.json.JsonText;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the gateway says of commands: how they went, and what went wrong.
public final class Words {
  public static final List<String> VERSIONS = List.of("1.0");

  private Words() {}

  /// The one reply to a command that has no other.
  public static Envelope ack(Inbound command, String status, Map<String, ?> result) {
    return reply(
        command,
        "ack",
        json -> {
          json.writeStartObject();
          json.writeStringField("status", status);
          if (status.equals("duplicate")) {
            json.writeBooleanField("duplicate", true);
          }
          if (!result.isEmpty()) {
            json.writeFieldName("result");
            JsonText.value(json, result);
          }
          json.writeEndObject();
        });
  }

  public static Envelope reply(Inbound command, String type, JsonText.Body payload) {
    return new Envelope(type, command.id(), command.correlationId(), null, payload);
  }

  /// An error as it is told: about the connection, about a command, or as a word with a text.
  ///
  /// @param command that failed; null if it was none
  public static byte[] error(GatewayError error, @Nullable Inbound command, Dialect dialect) {
    if (dialect == Dialect.SIMPLE) {
      return simple(error);
    }
    boolean ofConnection =
        error.fatal() || (command != null && command.type().startsWith("connection."));
    Envelope envelope =
        new Envelope(
            ofConnection ? "connection.error" : "error",
            command == null ? null : command.id(),
            command == null ? null : command.correlationId(),
            null,
            ofConnection ? ofConnection(error) : error::write);
    return Envelopes.message(envelope, dialect.form());
  }

  /// An error about a part of a command, whose one reply is another message.
  public static byte[] part(GatewayError error, Inbound command) {
    if (command.dialect() == Dialect.SIMPLE) {
      return simple(error);
    }
    return Envelopes.message(
        new Envelope("error", null, command.correlationId(), null, error::write),
        command.dialect().form());
  }

  private static JsonText.Body ofConnection(GatewayError error) {
    return json -> {
      json.writeStartObject();
      json.writeStringField("error", error.code().word());
      json.writeNumberField("code", error.code().number());
      json.writeStringField("name", error.shownName());
      json.writeStringField("message", error.text());
      error.members(json);
      if (error.retryAfterMs() != null) {
        json.writeNumberField("retry_after", error.retryAfterMs());
      }
      if (error.code() == GatewayCode.UNSUPPORTED_VERSION) {
        json.writeArrayFieldStart("supported_versions");
        for (String version : VERSIONS) {
          json.writeString(version);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    };
  }

  /// A word with a channel.
  public static byte[] word(String type, @Nullable String channel, JsonText.@Nullable Body more) {
    return JsonText.write(json -> {
      json.writeStartObject();
      json.writeStringField("type", type);
      if (channel != null) {
        json.writeStringField("channel", channel);
      }
      if (more != null) {
        more.write(json);
      }
      json.writeEndObject();
    });
  }

  private static byte[] simple(GatewayError error) {
    return JsonText.write(json -> {
      json.writeStartObject();
      json.writeStringField("type", "error");
      json.writeStringField("code", simpleCode(error));
      json.writeStringField("message", error.text());
      json.writeNumberField("number", error.code().number());
      error.members(json);
      json.writeEndObject();
    });
  }

  private static String simpleCode(GatewayError error) {
    return switch (error.code()) {
      case INVALID_MESSAGE_FORMAT -> "INVALID_MESSAGE";
      case CHANNEL_NOT_FOUND ->
          error.shownName().equals("INVALID_CHANNEL") ? "INVALID_CHANNEL" : "UNKNOWN_CHANNEL";
      default -> error.shownName();
    };
  }
}
