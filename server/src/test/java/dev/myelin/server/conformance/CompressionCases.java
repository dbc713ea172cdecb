package dev.myelin.server.conformance;

import dev.myelin.server.RawSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;

/// Group 12: compressed messages (RFC 7692, sections 6 and 7.2).
final class CompressionCases {
  private static final int TEXT = RawSocket.TEXT | RawSocket.COMPRESSED;
  private static final int KIB = 1_024;
  private static final int[] LENGTHS = {
    100, 256, KIB, 4 * KIB, 8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB, 128 * KIB
  };
  private static final int[] LEVELS = {0, 1, 6, 9};

  private CompressionCases() {}

  /// @param most how long a message may be, inflated
  static List<Case> all(int most) {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      int length = LENGTHS[i];
      add(
          cases,
          "12.1." + (i + 1),
          "20 texts of " + length + " bytes",
          peer -> {
            for (int round = 0; round < 20; round++) {
              String id = peer.nextId();
              peer.frame(TEXT, true, Compression.deflate(peer.surface().question(id, length)));
              peer.answered(id);
            }
          });
    }
    for (int i = 0; i < LEVELS.length; i++) {
      int level = LEVELS[i];
      add(
          cases,
          "12.2." + (i + 1),
          "a text compressed at level " + level,
          peer -> ask(peer, question -> Compression.deflate(question, level)));
    }
    add(
        cases,
        "12.2.5",
        "a text that does not compress",
        peer -> {
          String id = peer.nextId();
          String noise =
              new Random(1)
                  .ints(4_000, 'a', 'z')
                  .collect(
                      StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                  .toString();
          byte[] question = peer.surface().question(id, noise);
          peer.frame(TEXT, true, Compression.deflate(question, Deflater.HUFFMAN_ONLY));
          peer.answered(id);
        });
    cases.addAll(forms());
    cases.addAll(frames());
    cases.addAll(faults(most));
    return cases;
  }

  private interface Form {
    byte[] of(byte[] message);
  }

  private static void add(List<Case> cases, String id, String name, Case.Strict script) {
    cases.add(compressed(id, name, script));
  }

  /// A case on a connection that compresses.
  private static Case compressed(String id, String name, Case.Strict script) {
    return Case.of(
        id,
        name,
        plain -> {
          try (Peer peer = plain.another(Compression.OFFER)) {
            script.run(peer);
          }
        });
  }

  private static void ask(Peer peer, Form form) throws Exception {
    String id = peer.nextId();
    peer.frame(TEXT, true, form.of(peer.surface().question(id, 4 * KIB)));
    peer.answered(id);
    peer.lives();
  }

  private static List<Case> forms() {
    return List.of(
        compressed("12.3.1", "a message of two blocks", peer -> ask(peer, Compression::twoBlocks)),
        compressed(
            "12.3.2",
            "a block that says it is the last",
            peer -> ask(peer, Compression::lastBlock)),
        compressed(
            "12.3.3",
            "an empty message of one byte",
            peer -> {
              peer.frame(TEXT, true, new byte[] {0});
              peer.lives();
            }),
        compressed(
            "12.3.4",
            "compressed and plain messages in turn",
            peer -> {
              for (int i = 0; i < 5; i++) {
                ask(peer, Compression::deflate);
              }
            }),
        compressed(
            "12.3.5",
            "answers, each of which can be read for itself",
            peer -> {
              for (int i = 0; i < 20; i++) {
                peer.lives();
              }
            }));
  }

  private static List<Case> frames() {
    return List.of(
        compressed(
            "12.4.1",
            "a message in a frame for each byte",
            peer -> {
              String id = peer.nextId();
              fragments(peer, Compression.deflate(peer.surface().question(id, 4 * KIB)), 1);
              peer.answered(id);
            }),
        compressed(
            "12.4.2",
            "a message in frames of 100 bytes with pings between",
            peer -> {
              String id = peer.nextId();
              byte[] bytes = Compression.deflate(peer.surface().question(id, 4 * KIB), 0);
              for (int at = 0; at < bytes.length; at += 100) {
                int end = Math.min(bytes.length, at + 100);
                int opcode = at == 0 ? TEXT : RawSocket.CONTINUATION;
                peer.frame(opcode, end == bytes.length, Arrays.copyOfRange(bytes, at, end));
                peer.frame(RawSocket.PING, true, new byte[] {7});
              }
              peer.answered(id);
            }),
        compressed(
            "12.4.3",
            "a message whose last frame is empty",
            peer -> {
              String id = peer.nextId();
              peer.frame(TEXT, false, Compression.deflate(peer.surface().question(id, 0)));
              peer.frame(RawSocket.CONTINUATION, true, new byte[0]);
              peer.answered(id);
            }),
        compressed(
            "12.4.4",
            "a message, byte by byte",
            peer -> {
              String id = peer.nextId();
              byte[] bytes = Compression.deflate(peer.surface().question(id, 4 * KIB));
              peer.chopped(peer.socket().encode(TEXT, true, bytes, true), 1);
              peer.answered(id);
            }),
        compressed(
            "12.4.5",
            "a character split between frames",
            peer -> {
              String id = peer.nextId();
              fragments(peer, Compression.deflate(peer.surface().question(id, "κόσμε👩"), 0), 1);
              peer.answered(id);
            }));
  }

  private static void fragments(Peer peer, byte[] bytes, int size) throws Exception {
    peer.fragments(TEXT, bytes, size);
  }

  private static List<Case> faults(int most) {
    return List.of(
        compressed(
            "12.5.1",
            "a continuation that says it is compressed",
            peer -> {
              byte[] bytes = Compression.deflate(peer.surface().question(peer.nextId(), 0));
              peer.frame(TEXT, false, Arrays.copyOf(bytes, 10));
              peer.frame(
                  RawSocket.CONTINUATION | RawSocket.COMPRESSED,
                  true,
                  Arrays.copyOfRange(bytes, 10, bytes.length));
              peer.failed(1002);
            }),
        compressed(
            "12.5.2",
            "the same after a plain first frame",
            peer -> {
              byte[] question = peer.surface().question(peer.nextId(), 0);
              peer.frame(RawSocket.TEXT, false, question);
              peer.frame(RawSocket.CONTINUATION | RawSocket.COMPRESSED, true, question);
              peer.failed(1002);
            }),
        compressed(
            "12.5.3",
            "a ping that says it is compressed",
            peer -> {
              peer.frame(RawSocket.PING | RawSocket.COMPRESSED, true, new byte[] {1});
              peer.failed(1002);
            }),
        compressed(
            "12.5.4",
            "a close that says it is compressed",
            peer -> {
              byte[] close = CloseCases.close(1000, "");
              peer.frame(RawSocket.CLOSE | RawSocket.COMPRESSED, true, close);
              peer.failed(1002);
            }),
        compressed(
            "12.5.5",
            "the second reserved bit",
            peer -> {
              peer.frame(RawSocket.TEXT | 0x20, true, peer.surface().question(peer.nextId(), 0));
              peer.failed(1002);
            }),
        compressed(
            "12.5.6",
            "the third reserved bit, compressed",
            peer -> {
              byte[] bytes = Compression.deflate(peer.surface().question(peer.nextId(), 0));
              peer.frame(TEXT | 0x10, true, bytes);
              peer.failed(1002);
            }),
        compressed(
            "12.5.7",
            "a payload that is not compressed",
            peer -> {
              peer.frame(TEXT, true, new byte[] {-1, -1, -1, -1});
              peer.failed(1007);
            }),
        compressed(
            "12.5.8",
            "a compressed text that is no text",
            peer -> {
              peer.frame(TEXT, true, Compression.deflate(new byte[] {'a', (byte) 0xff}));
              peer.failed(1007);
            }),
        compressed(
            "12.5.9",
            "a message too long once it is inflated",
            peer -> {
              peer.frame(TEXT, true, Compression.deflate(new byte[most + 1]));
              peer.failed(1009);
            }),
        compressed(
            "12.5.10",
            "the same in frames",
            peer -> {
              peer.fragments(TEXT, Compression.deflate(new byte[2 * most]), 1_000);
              peer.failed(1009);
            }));
  }
}
