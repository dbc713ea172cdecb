package dev.myelin.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.server.RawSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Group 13: what is agreed on about compression (RFC 7692, sections 5 and 7.1).
final class NegotiationCases {
  private static final String HEADER = "sec-websocket-extensions:";
  private static final String NAME = "permessage-deflate";

  /// Offers that may be taken.
  private static final List<String> GOOD =
      List.of(
          "permessage-deflate",
          "permessage-deflate; client_no_context_takeover",
          "permessage-deflate; server_no_context_takeover",
          "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
          "permessage-deflate; client_max_window_bits",
          "permessage-deflate; client_max_window_bits=15",
          "permessage-deflate; client_max_window_bits=9",
          "permessage-deflate; client_max_window_bits=\"12\"",
          "permessage-deflate; server_max_window_bits=15",
          "permessage-deflate; server_no_context_takeover; client_max_window_bits=10",
          "x-unknown, permessage-deflate",
          "permessage-deflate; server_max_window_bits=10, permessage-deflate",
          "permessage-deflate; strange, permessage-deflate");

  /// Offers that must not be taken (section 7.1).
  private static final List<String> BAD =
      List.of(
          "x-unknown",
          "permessage-deflate; strange",
          "permessage-deflate; client_no_context_takeover=1",
          "permessage-deflate; server_no_context_takeover=true",
          "permessage-deflate; server_max_window_bits",
          "permessage-deflate; server_max_window_bits=7",
          "permessage-deflate; server_max_window_bits=16",
          "permessage-deflate; server_max_window_bits=many",
          "permessage-deflate; client_max_window_bits=7",
          "permessage-deflate; client_max_window_bits=16",
          "permessage-deflate; client_max_window_bits=010",
          "permessage-deflate; client_max_window_bits=many",
          "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
          "permessage-deflate; server_no_context_takeover; server_no_context_takeover");

  private NegotiationCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < GOOD.size(); i++) {
      String offer = GOOD.get(i);
      cases.add(Case.of("13.1." + (i + 1), "taken: " + offer, peer -> taken(peer, offer)));
    }
    for (int i = 0; i < BAD.size(); i++) {
      String offer = BAD.get(i);
      cases.add(Case.of("13.2." + (i + 1), "declined: " + offer, peer -> declined(peer, offer)));
    }
    cases.add(
        Case.of(
            "13.3.1",
            "small windows of the server: taken as offered or declined",
            peer -> {
              for (int bits = 8; bits < 15; bits++) {
                String offer = NAME + "; server_max_window_bits=" + bits;
                Optional<String> answer = answer(peer, offer);
                if (answer.isPresent()) {
                  assertThat(answer.get()).contains("server_max_window_bits=" + bits);
                }
              }
            }));
    cases.add(
        Case.of(
            "13.3.2",
            "nothing offered, nothing agreed",
            peer -> {
              try (RawSocket socket = peer.unopened()) {
                assertThat(socket.upgradeAt(peer.surface().path()))
                    .doesNotContainIgnoringCase(HEADER);
              }
            }));
    return cases;
  }

  /// What the server agrees to.
  private static Optional<String> answer(Peer peer, String offer) throws Exception {
    try (RawSocket socket = peer.unopened()) {
      String head = socket.upgradeAt(peer.surface().path(), "Sec-WebSocket-Extensions: " + offer);
      assertThat(head).startsWith("HTTP/1.1 101 ");
      return head.lines()
          .map(line -> line.toLowerCase(Locale.ROOT))
          .filter(line -> line.startsWith(HEADER))
          .map(line -> line.substring(HEADER.length()).strip())
          .findFirst();
    }
  }

  private static void taken(Peer peer, String offer) throws Exception {
    String answer = answer(peer, offer).orElseThrow(() -> new AssertionError("declined"));
    String[] parts = answer.split("\\s*;\\s*", -1);
    assertThat(parts[0]).isEqualTo(NAME);
    for (int i = 1; i < parts.length; i++) {
      assertThat(parts[i])
          .matches(
              "(client|server)_no_context_takeover|(client|server)_max_window_bits=([89]|1[0-5])");
      // A client that did not speak of its window does not know how to make it smaller.
      if (parts[i].startsWith("client_max_window_bits")) {
        assertThat(offer).contains("client_max_window_bits");
      }
    }
    if (offer.contains("server_no_context_takeover")) {
      assertThat(answer).contains("server_no_context_takeover");
    }
    try (Peer compressing = peer.another("Sec-WebSocket-Extensions: " + offer)) {
      String id = compressing.nextId();
      byte[] question = Compression.deflate(peer.surface().question(id, 200));
      compressing.frame(RawSocket.TEXT | RawSocket.COMPRESSED, true, question);
      compressing.answered(id);
    }
  }

  private static void declined(Peer peer, String offer) throws Exception {
    assertThat(answer(peer, offer)).isEmpty();
    try (Peer plain = peer.another("Sec-WebSocket-Extensions: " + offer)) {
      plain.lives();
    }
  }
}
