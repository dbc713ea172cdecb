package dev.myelin.edge.socket;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Agrees on permessage-deflate (RFC 7692), without memory between messages on either side, so that
/// an idle connection holds no window; and bounds what a message may grow to.
final class Deflate {
  private static final int LEVEL = 3;

  private final PerMessageDeflateServerExtensionHandshaker handshaker;

  Deflate(int maxMessageBytes) {
    handshaker =
        new PerMessageDeflateServerExtensionHandshaker(
            LEVEL, false, 15, true, true, maxMessageBytes);
  }

  /// The first offer that can be met, or null.
  @Nullable WebSocketServerExtension negotiate(@Nullable String offers) {
    if (offers == null) {
      return null;
    }
    for (WebSocketExtensionData offer : WebSocketExtensionUtil.extractExtensions(offers)) {
      WebSocketServerExtension extension = handshaker.handshakeExtension(withoutContext(offer));
      if (extension != null) {
        return extension;
      }
    }
    return null;
  }

  /// A server may ask for both parameters whether the client named them or not (RFC 7692, section
  /// 7.1.1).
  private static WebSocketExtensionData withoutContext(WebSocketExtensionData offer) {
    Map<String, String> parameters = new HashMap<>(offer.parameters());
    parameters.put("server_no_context_takeover", "");
    parameters.put("client_no_context_takeover", "");
    return new WebSocketExtensionData(offer.name(), parameters);
  }

  /// The header that accepts.
  static String answer(WebSocketServerExtension extension) {
    WebSocketExtensionData data = extension.newReponseData();
    StringBuilder answer = new StringBuilder(data.name());
    for (Map.Entry<String, String> parameter : data.parameters().entrySet()) {
      answer.append("; ").append(parameter.getKey());
      if (parameter.getValue() != null) {
        answer.append('=').append(parameter.getValue());
      }
    }
    return answer.toString();
  }
}
