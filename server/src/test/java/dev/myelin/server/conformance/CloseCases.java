package dev.myelin.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.server.RawSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Group 7: how a connection ends (sections 5.5.1, 7.1 and 7.4).
final class CloseCases {
  private static final int[] GOOD = {
    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999
  };

  /// Not to be sent, or not given to anyone.
  private static final int[] BAD = {
    0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535
  };

  private CloseCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.add(
        Case.of(
            "7.1.1",
            "a question, its answer, a close",
            peer -> {
              peer.lives();
              closes(peer, close(1000, ""));
            }));
    cases.add(
        Case.of(
            "7.1.2",
            "two closes",
            peer -> {
              peer.frame(RawSocket.CLOSE, true, close(1000, ""));
              closes(peer, close(1000, ""));
            }));
    cases.add(
        Case.of(
            "7.1.3",
            "a ping after the close: no pong",
            peer -> {
              peer.frame(RawSocket.CLOSE, true, close(1000, ""));
              peer.frame(RawSocket.PING, true, new byte[] {1});
              nothingAfterTheClose(peer);
            }));
    cases.add(
        Case.of(
            "7.1.4",
            "a text after the close: no answer",
            peer -> {
              peer.frame(RawSocket.CLOSE, true, close(1000, ""));
              peer.frame(RawSocket.TEXT, true, peer.surface().question(peer.nextId(), 0));
              nothingAfterTheClose(peer);
            }));
    cases.add(
        Case.of(
            "7.1.5",
            "a close within a message",
            peer -> {
              byte[] question = peer.surface().question(peer.nextId(), 0);
              peer.frame(RawSocket.TEXT, false, question);
              closes(peer, close(1000, ""));
            }));
    cases.add(
        Case.of(
            "7.1.6",
            "256 KiB, then a close, then a ping",
            peer -> {
              String id = peer.nextId();
              peer.frame(RawSocket.TEXT, true, peer.surface().question(id, 256 * 1_024));
              peer.frame(RawSocket.CLOSE, true, close(1000, ""));
              peer.frame(RawSocket.PING, true, new byte[] {1});
              assertThat(peer.next(RawSocket.CLOSE).closeCode()).isEqualTo(1000);
              peer.ended();
            }));
    cases.addAll(payloads());
    for (int i = 0; i < GOOD.length; i++) {
      int code = GOOD[i];
      cases.add(
          Case.of("7.7." + (i + 1), "a close with " + code, peer -> closes(peer, close(code, ""))));
    }
    for (int i = 0; i < BAD.length; i++) {
      int code = BAD[i];
      cases.add(
          Case.of(
              "7.9." + (i + 1),
              "a close with " + code + ", which nobody may send",
              peer -> {
                peer.frame(RawSocket.CLOSE, true, close(code, ""));
                peer.failed(1002);
              }));
    }
    return cases;
  }

  private static List<Case> payloads() {
    String longest = "*".repeat(123);
    return List.of(
        Case.of(
            "7.3.1",
            "a close without payload",
            peer -> {
              peer.frame(RawSocket.CLOSE, true, new byte[0]);
              assertThat(peer.next(RawSocket.CLOSE).closeCode()).isIn(1005, 1000);
              peer.ended();
            }),
        Case.of(
            "7.3.2",
            "a close of one byte",
            peer -> {
              peer.frame(RawSocket.CLOSE, true, new byte[] {3});
              peer.failed(1002);
            }),
        Case.of("7.3.3", "a close with a code", peer -> closes(peer, close(1000, ""))),
        Case.of("7.3.4", "a close with a reason", peer -> closes(peer, close(1000, "Done. ✓"))),
        Case.of(
            "7.3.5", "a close with the longest reason", peer -> closes(peer, close(1000, longest))),
        Case.of(
            "7.3.6",
            "a close with a reason too long",
            peer -> {
              peer.frame(RawSocket.CLOSE, true, close(1000, longest + "*"));
              peer.failed(1002);
            }),
        Case.of(
            "7.5.1",
            "a close whose reason is no text",
            peer -> {
              byte[] reason = {3, (byte) 0xe8, 'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80};
              peer.frame(RawSocket.CLOSE, true, reason);
              peer.failed(1007);
            }),
        Case.of(
            "7.6.1",
            "a connection cut without a close: the server serves on",
            peer -> {
              peer.socket().cut();
              try (Peer other = peer.another()) {
                other.lives();
              }
            }));
  }

  static byte[] close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array();
  }

  /// The server answers with the same code and ends the connection.
  private static void closes(Peer peer, byte[] payload) throws Exception {
    peer.frame(RawSocket.CLOSE, true, payload);
    int code = ByteBuffer.wrap(payload).getShort() & 0xffff;
    assertThat(peer.next(RawSocket.CLOSE).closeCode()).isEqualTo(code);
    peer.ended();
  }

  private static void nothingAfterTheClose(Peer peer) throws Exception {
    RawSocket.Frame first = peer.socket().readFrame();
    assertThat(first.opcode()).isEqualTo(RawSocket.CLOSE);
    assertThat(first.closeCode()).isEqualTo(1000);
    assertThatThrownBy(() -> peer.socket().readFrame()).isInstanceOf(IOException.class);
  }
}
