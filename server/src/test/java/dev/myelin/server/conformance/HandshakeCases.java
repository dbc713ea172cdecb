package dev.myelin.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.server.RawSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Group 0: how a connection begins (section 4.2).
final class HandshakeCases {
  private static final String CONNECTION = "Connection: Upgrade";
  private static final String UPGRADE = "Upgrade: websocket";
  private static final String VERSION = "Sec-WebSocket-Version: 13";
  private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

  private HandshakeCases() {}

  static List<Case> all() {
    return List.of(
        Case.of(
            "0.1",
            "the key of the RFC and its answer",
            peer -> {
              String head = ask(peer, CONNECTION, UPGRADE, VERSION, KEY);
              assertThat(head)
                  .startsWith("HTTP/1.1 101 ")
                  .containsIgnoringCase("upgrade: websocket")
                  .containsIgnoringCase("connection: upgrade")
                  .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            }),
        Case.of(
            "0.2",
            "names and tokens in other letters",
            peer ->
                assertThat(
                        ask(
                            peer,
                            "CONNECTION: keep-alive, UPGRADE",
                            "upgrade: WebSocket",
                            VERSION,
                            KEY))
                    .startsWith("HTTP/1.1 101 ")),
        Case.of(
            "0.3",
            "no key",
            peer ->
                assertThat(ask(peer, CONNECTION, UPGRADE, VERSION)).startsWith("HTTP/1.1 400 ")),
        Case.of(
            "0.4",
            "a key that is not 16 bytes",
            peer ->
                assertThat(ask(peer, CONNECTION, UPGRADE, VERSION, "Sec-WebSocket-Key: c2hvcnQ="))
                    .startsWith("HTTP/1.1 400 ")),
        Case.of(
            "0.5",
            "a key that is not base64",
            peer ->
                assertThat(ask(peer, CONNECTION, UPGRADE, VERSION, "Sec-WebSocket-Key: ***"))
                    .startsWith("HTTP/1.1 400 ")),
        Case.of(
            "0.6",
            "no Connection: Upgrade",
            peer ->
                assertThat(ask(peer, UPGRADE, VERSION, KEY, "Connection: keep-alive"))
                    .startsWith("HTTP/1.1 400 ")),
        Case.of(
            "0.7",
            "another version: the answer names 13",
            peer ->
                assertThat(ask(peer, CONNECTION, UPGRADE, "Sec-WebSocket-Version: 12", KEY))
                    .startsWith("HTTP/1.1 426 ")
                    .containsIgnoringCase("sec-websocket-version: 13")),
        Case.of(
            "0.8",
            "no version",
            peer -> assertThat(ask(peer, CONNECTION, UPGRADE, KEY)).startsWith("HTTP/1.1 4")),
        Case.of(
            "0.9",
            "POST",
            peer -> {
              try (RawSocket socket = peer.unopened()) {
                socket.send(
                    "POST "
                        + peer.surface().path()
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        + String.join("\r\n", CONNECTION, UPGRADE, VERSION, KEY)
                        + "\r\nContent-Length: 0\r\n\r\n");
                assertThat(socket.head()).startsWith("HTTP/1.1 4");
              }
            }),
        Case.of(
            "0.10",
            "no upgrade at all",
            peer -> assertThat(ask(peer, "Connection: keep-alive")).startsWith("HTTP/1.1 4")),
        Case.of(
            "0.11",
            "a protocol that the server does not know is not agreed to",
            peer ->
                assertThat(
                        ask(
                            peer,
                            CONNECTION,
                            UPGRADE,
                            VERSION,
                            KEY,
                            "Sec-WebSocket-Protocol: unheard"))
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContainIgnoringCase("sec-websocket-protocol: unheard")));
  }

  private static String ask(Peer peer, String... headers) throws Exception {
    try (RawSocket socket = peer.unopened()) {
      socket.send(request(peer, headers));
      return socket.head();
    }
  }

  private static byte[] request(Peer peer, String... headers) {
    String path = peer.surface().path();
    return ("GET "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + String.join("\r\n", headers)
            + "\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
