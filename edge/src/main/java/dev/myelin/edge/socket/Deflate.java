package dev.myelin.edge.socket;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilter;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionFilterProvider;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Agrees on permessage-deflate (RFC 7692), without memory between messages on either side, so that
/// an idle connection holds no window; and bounds what a message may grow to.
final class Deflate {
  private static final int LEVEL = 3;

  private static final WebSocketExtensionData AGREED =
      new WebSocketExtensionData(
          "permessage-deflate",
          Map.of("server_no_context_takeover", "", "client_no_context_takeover", ""));

  private final PerMessageDeflateServerExtensionHandshaker handshaker;

  /// @param worthItBytes what is shorter is sent as it is
  Deflate(int maxMessageBytes, int worthItBytes) {
    handshaker =
        new PerMessageDeflateServerExtensionHandshaker(
            LEVEL, false, 15, true, true, longerThan(worthItBytes), maxMessageBytes);
  }

  private static WebSocketExtensionFilterProvider longerThan(int bytes) {
    return new WebSocketExtensionFilterProvider() {
      @Override
      public WebSocketExtensionFilter encoderFilter() {
        return frame -> frame.content().readableBytes() < bytes;
      }

      @Override
      public WebSocketExtensionFilter decoderFilter() {
        return WebSocketExtensionFilter.NEVER_SKIP;
      }
    };
  }

  /// The extension of a connection whose client's offers can be met, or null.
  @Nullable WebSocketServerExtension negotiate(String offers) {
    return DeflateOffer.answer(offers).isPresent() ? handshaker.handshakeExtension(AGREED) : null;
  }
}
