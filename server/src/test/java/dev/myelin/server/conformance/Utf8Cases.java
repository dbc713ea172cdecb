package dev.myelin.server.conformance;

import dev.myelin.server.RawSocket;
import dev.myelin.server.conformance.Case.Result;
import java.io.ByteArrayOutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Group 6: texts are UTF-8, whole and early (section 8.1, RFC 3629).
final class Utf8Cases {
  /// The first and last of each length, what lies at the borders of the surrogates, and signs that
  /// join.
  private static final List<String> GOOD =
      List.of(
          "κόσμε",
          "\u0080",
          "\u07ff",
          "\u0800",
          "\uffff",
          "\ud800\udc00",
          "\udbff\udfff",
          "\ud7ff",
          "\ue000",
          "\ufffd",
          "\ufffe",
          "\ufeff",
          "e\u0301\u0323",
          "👩\u200d👩\u200d👧",
          "ᚻᛖ ᚳᚹᚫᚦ",
          "\ud83f\udffe");

  /// Lone continuations, lone leads, cut sequences, overlong forms, surrogates, what lies beyond.
  private static final List<String> BAD =
      List.of(
          "80",
          "bf",
          "80bf",
          "80bf80bf80bf",
          "c2",
          "c220",
          "df",
          "e0a0",
          "e0a020",
          "ef",
          "f090",
          "f09080",
          "f0908020",
          "f8888080 80",
          "fc8480808080",
          "fe",
          "ff",
          "feff",
          "c080",
          "c1bf",
          "c0af",
          "e08080",
          "e080af",
          "e09fbf",
          "f0808080",
          "f08080af",
          "f08fbfbf",
          "eda080",
          "edadbf",
          "edae80",
          "edafbf",
          "edb080",
          "edbfbf",
          "eda080edb080",
          "f4908080",
          "f5808080",
          "f7bfbfbf",
          "cebae1bdb9cf83cebcceb5eda080656469746564");

  private Utf8Cases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    cases.add(
        Case.of(
            "6.1.1",
            "an empty text",
            peer -> {
              peer.text("");
              peer.lives();
            }));
    cases.add(
        Case.of(
            "6.1.2",
            "a text of three empty frames",
            peer -> {
              peer.frame(RawSocket.TEXT, false, new byte[0]);
              peer.frame(RawSocket.CONTINUATION, false, new byte[0]);
              peer.frame(RawSocket.CONTINUATION, true, new byte[0]);
              peer.lives();
            }));
    for (int i = 0; i < GOOD.size(); i++) {
      good(cases, i + 1, GOOD.get(i));
    }
    for (int i = 0; i < BAD.size(); i++) {
      String hex = BAD.get(i).replace(" ", "");
      byte[] bytes = HexFormat.of().parseHex(hex);
      cases.add(
          Case.of("6.3." + (i + 1), "bytes that are no text: " + hex, peer -> bad(peer, bytes)));
    }
    for (int i = 0; i < BAD.size(); i++) {
      byte[] bytes = HexFormat.of().parseHex(BAD.get(i).replace(" ", ""));
      cases.add(
          Case.of(
              "6.5." + (i + 1),
              "the same in a frame for each byte: " + BAD.get(i),
              peer -> badInFrames(peer, bytes)));
    }
    cases.addAll(early());
    return cases;
  }

  private static void good(List<Case> cases, int number, String text) {
    String name = "a text with " + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    cases.add(
        Case.of(
            "6.2." + number + "a",
            name,
            peer -> {
              String id = peer.nextId();
              peer.frame(RawSocket.TEXT, true, peer.surface().question(id, text));
              peer.answered(id);
            }));
    cases.add(
        Case.of(
            "6.2." + number + "b",
            name + ", a frame for each byte",
            peer -> {
              String id = peer.nextId();
              peer.fragments(RawSocket.TEXT, peer.surface().question(id, text), 1);
              peer.answered(id);
            }));
    cases.add(
        Case.of(
            "6.2." + number + "c",
            name + ", byte by byte",
            peer -> {
              String id = peer.nextId();
              byte[] question = peer.surface().question(id, text);
              peer.chopped(peer.socket().encode(RawSocket.TEXT, true, question, true), 1);
              peer.answered(id);
            }));
  }

  private static byte[] spoilt(Peer peer, byte[] bad) {
    byte[] question = peer.surface().question(peer.nextId(), "");
    ByteArrayOutputStream spoilt = new ByteArrayOutputStream();
    spoilt.write(question, 0, question.length - 2);
    spoilt.writeBytes(bad);
    spoilt.write(question, question.length - 2, 2);
    return spoilt.toByteArray();
  }

  private static void bad(Peer peer, byte[] bad) throws Exception {
    peer.frame(RawSocket.TEXT, true, spoilt(peer, bad));
    peer.failed(1007);
  }

  private static void badInFrames(Peer peer, byte[] bad) throws Exception {
    byte[] message = spoilt(peer, bad);
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (int i = 0; i < message.length; i++) {
      frames.writeBytes(
          peer.socket()
              .encode(
                  i == 0 ? RawSocket.TEXT : RawSocket.CONTINUATION,
                  i == message.length - 1,
                  new byte[] {message[i]},
                  true));
    }
    peer.socket().send(frames.toByteArray());
    peer.failed(1007);
  }

  /// What can be no text is refused before the rest of the message has come.
  private static List<Case> early() {
    byte[] start = "{\"x\":\"κόσμε".getBytes(StandardCharsets.UTF_8);
    byte[] beyond = HexFormat.of().parseHex("f4908080");
    return List.of(
        Case.of(
            "6.4.1",
            "a frame that is no text, and no more after it",
            peer -> {
              peer.frame(RawSocket.TEXT, false, start);
              peer.frame(RawSocket.CONTINUATION, false, beyond);
              peer.failed(1007);
            }),
        Case.of(
            "6.4.2",
            "a character that can no longer become one, and no more after it",
            peer -> {
              peer.frame(RawSocket.TEXT, false, start);
              peer.frame(RawSocket.CONTINUATION, false, Arrays.copyOf(beyond, 2));
              peer.failed(1007);
            }),
        new Case(
            "6.4.3",
            "half a frame that is no text, and then its other half",
            peer -> halves(peer, start, beyond)),
        Case.of(
            "6.4.4",
            "a message that ends within a character",
            peer -> {
              peer.frame(RawSocket.TEXT, false, start);
              peer.frame(RawSocket.CONTINUATION, true, Arrays.copyOf(start, 0));
              peer.lives();
              peer.frame(RawSocket.TEXT, false, new byte[] {'"', (byte) 0xe2, (byte) 0x82});
              peer.frame(RawSocket.CONTINUATION, true, new byte[0]);
              peer.failed(1007);
            }));
  }

  private static Result halves(Peer peer, byte[] start, byte[] beyond) throws Exception {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(start);
    message.writeBytes(beyond);
    message.writeBytes(new byte[100]);
    byte[] frame = peer.socket().encode(RawSocket.TEXT, true, message.toByteArray(), true);
    int half = frame.length - 100;
    peer.socket().send(Arrays.copyOf(frame, half));
    try {
      if (peer.socket().withPatience(200, () -> peer.next(RawSocket.CLOSE).closeCode()) == 1007) {
        return Result.OK;
      }
      throw new AssertionError("closed, but not with 1007");
    } catch (SocketTimeoutException _) {
      peer.socket().send(Arrays.copyOfRange(frame, half, frame.length));
      peer.failed(1007);
      return Result.NON_STRICT;
    }
  }
}
