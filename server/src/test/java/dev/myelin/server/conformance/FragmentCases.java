package dev.myelin.server.conformance;

import dev.myelin.server.RawSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Group 5: messages of several frames (section 5.4).
final class FragmentCases {
  private static final byte[] NOTHING = {};
  private static final byte[] PING = "between".getBytes(StandardCharsets.UTF_8);

  private FragmentCases() {}

  static List<Case> all() {
    return List.of(
        Case.of("5.1", "a ping in two frames", peer -> split(peer, RawSocket.PING)),
        Case.of("5.2", "a pong in two frames", peer -> split(peer, RawSocket.PONG)),
        Case.of("5.3", "a text in two frames", peer -> inTwo(peer, false, Integer.MAX_VALUE)),
        Case.of("5.4", "a text in two frames, 7 bytes at a time", peer -> inTwo(peer, false, 7)),
        Case.of("5.5", "a text in two frames, byte by byte", peer -> inTwo(peer, false, 1)),
        Case.of(
            "5.6",
            "a text in two frames with a ping between",
            peer -> inTwo(peer, true, Integer.MAX_VALUE)),
        Case.of("5.7", "the same, 7 bytes at a time", peer -> inTwo(peer, true, 7)),
        Case.of("5.8", "the same, byte by byte", peer -> inTwo(peer, true, 1)),
        Case.of("5.9", "a continuation of nothing", peer -> orphan(peer, true, Integer.MAX_VALUE)),
        Case.of("5.10", "the same, byte by byte", peer -> orphan(peer, true, 1)),
        Case.of(
            "5.11", "a last frame of nothing, 7 bytes at a time", peer -> orphan(peer, true, 7)),
        Case.of(
            "5.12",
            "a frame that continues nothing and goes on",
            peer -> orphan(peer, false, Integer.MAX_VALUE)),
        Case.of("5.13", "the same, 7 bytes at a time", peer -> orphan(peer, false, 7)),
        Case.of("5.14", "the same, byte by byte", peer -> orphan(peer, false, 1)),
        Case.of(
            "5.15",
            "a text in two frames, then a continuation of nothing",
            peer -> {
              String id = peer.nextId();
              byte[] question = peer.surface().question(id, 0);
              peer.fragments(RawSocket.TEXT, question, question.length / 2 + 1);
              peer.answered(id);
              peer.frame(RawSocket.CONTINUATION, false, NOTHING);
              peer.failed(1002);
            }),
        Case.of(
            "5.16",
            "continuations of nothing between texts",
            peer -> {
              peer.frame(RawSocket.CONTINUATION, false, question(peer));
              peer.frame(RawSocket.TEXT, true, question(peer));
              peer.failed(1002);
            }),
        Case.of(
            "5.17",
            "a last continuation of nothing, then a text",
            peer -> {
              peer.frame(RawSocket.CONTINUATION, true, question(peer));
              peer.frame(RawSocket.TEXT, true, question(peer));
              peer.failed(1002);
            }),
        Case.of(
            "5.18",
            "a text that begins inside another",
            peer -> {
              peer.frame(RawSocket.TEXT, false, question(peer));
              peer.frame(RawSocket.TEXT, true, question(peer));
              peer.failed(1002);
            }),
        Case.of("5.19", "a text in five frames with pings between", FragmentCases::inFive),
        Case.of("5.20", "a text in frames that are empty but one", FragmentCases::mostlyEmpty),
        Case.of(
            "5.21",
            "a text of 1 MiB in frames of one byte at first",
            peer -> {
              String id = peer.nextId();
              byte[] question = peer.surface().question(id, 1 << 20);
              for (int i = 0; i < 2_000; i++) {
                int opcode = i == 0 ? RawSocket.TEXT : RawSocket.CONTINUATION;
                peer.frame(opcode, false, new byte[] {question[i]});
              }
              byte[] rest = Arrays.copyOfRange(question, 2_000, question.length);
              peer.frame(RawSocket.CONTINUATION, true, rest);
              peer.answered(id);
            }));
  }

  private static byte[] question(Peer peer) {
    return peer.surface().question(peer.nextId(), 0);
  }

  /// Control frames are whole (section 5.5).
  private static void split(Peer peer, int opcode) throws Exception {
    peer.frame(opcode, false, PING);
    peer.frame(RawSocket.CONTINUATION, true, PING);
    peer.failed(1002);
  }

  private static void inTwo(Peer peer, boolean pinged, int chop) throws Exception {
    String id = peer.nextId();
    byte[] question = peer.surface().question(id, 0);
    int half = question.length / 2;
    send(peer, RawSocket.TEXT, false, Arrays.copyOf(question, half), chop);
    if (pinged) {
      send(peer, RawSocket.PING, true, PING, chop);
      peer.ponged(PING);
    }
    byte[] rest = Arrays.copyOfRange(question, half, question.length);
    send(peer, RawSocket.CONTINUATION, true, rest, chop);
    peer.answered(id);
  }

  private static void send(Peer peer, int opcode, boolean last, byte[] payload, int chop)
      throws Exception {
    byte[] frame = peer.socket().encode(opcode, last, payload, true);
    peer.chopped(frame, Math.min(chop, frame.length));
  }

  private static void orphan(Peer peer, boolean last, int chop) throws Exception {
    send(peer, RawSocket.CONTINUATION, last, question(peer), chop);
    peer.failed(1002);
  }

  private static void inFive(Peer peer) throws Exception {
    String id = peer.nextId();
    byte[] question = peer.surface().question(id, 125);
    for (int i = 0; i < 5; i++) {
      int opcode = i == 0 ? RawSocket.TEXT : RawSocket.CONTINUATION;
      peer.frame(opcode, i == 4, Arrays.copyOfRange(question, 25 * i, 25 * i + 25));
      if (i < 4) {
        peer.frame(RawSocket.PING, true, new byte[] {(byte) i});
        peer.ponged(new byte[] {(byte) i});
      }
    }
    peer.answered(id);
  }

  private static void mostlyEmpty(Peer peer) throws Exception {
    String id = peer.nextId();
    peer.frame(RawSocket.TEXT, false, NOTHING);
    peer.frame(RawSocket.CONTINUATION, false, NOTHING);
    peer.frame(RawSocket.CONTINUATION, false, peer.surface().question(id, 0));
    peer.frame(RawSocket.CONTINUATION, true, NOTHING);
    peer.answered(id);
  }
}
