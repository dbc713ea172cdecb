package dev.myelin.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.server.RawSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Group 2: pings and pongs (sections 5.5.2 and 5.5.3).
final class PingCases {
  private PingCases() {}

  static List<Case> all() {
    return List.of(
        Case.of("2.1", "a ping without payload", peer -> ping(peer, new byte[0])),
        Case.of(
            "2.2",
            "a ping with a text",
            peer -> ping(peer, "Hello, world!".getBytes(StandardCharsets.UTF_8))),
        Case.of(
            "2.3",
            "a ping with bytes that are no text",
            peer -> ping(peer, new byte[] {0, -1, -2, -3, -4, -5, 0, -1})),
        Case.of("2.4", "a ping of 125 bytes", peer -> ping(peer, filled(125))),
        Case.of(
            "2.5",
            "a ping of 126 bytes",
            peer -> {
              peer.frame(RawSocket.PING, true, filled(126));
              peer.failed(1002);
            }),
        Case.of(
            "2.6",
            "a ping of 125 bytes, byte by byte",
            peer -> {
              byte[] payload = filled(125);
              peer.chopped(peer.socket().encode(RawSocket.PING, true, payload, true), 1);
              peer.ponged(payload);
            }),
        Case.of("2.7", "a pong nobody asked for", peer -> pong(peer, new byte[0])),
        Case.of("2.8", "a pong with payload nobody asked for", peer -> pong(peer, filled(20))),
        Case.of(
            "2.9",
            "a pong nobody asked for, then a ping",
            peer -> {
              peer.frame(RawSocket.PONG, true, filled(9));
              ping(peer, filled(3));
            }),
        Case.of("2.10", "ten pings at once", peer -> pings(peer, Integer.MAX_VALUE)),
        Case.of("2.11", "ten pings, byte by byte", peer -> pings(peer, 1)),
        Case.of(
            "2.12",
            "a pong of 126 bytes",
            peer -> {
              peer.frame(RawSocket.PONG, true, filled(126));
              peer.failed(1002);
            }));
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xfe);
    return bytes;
  }

  private static void ping(Peer peer, byte[] payload) throws Exception {
    peer.frame(RawSocket.PING, true, payload);
    peer.ponged(payload);
    peer.lives();
  }

  private static void pong(Peer peer, byte[] payload) throws Exception {
    peer.frame(RawSocket.PONG, true, payload);
    peer.lives();
  }

  private static void pings(Peer peer, int chop) throws Exception {
    for (int i = 0; i < 10; i++) {
      byte[] frame = peer.socket().encode(RawSocket.PING, true, new byte[] {(byte) i}, true);
      peer.chopped(frame, Math.min(chop, frame.length));
    }
    for (int i = 0; i < 10; i++) {
      assertThat(peer.next(RawSocket.PONG).payload()).containsExactly(i);
    }
    peer.lives();
  }
}
