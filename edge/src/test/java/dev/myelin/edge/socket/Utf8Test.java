package dev.myelin.edge.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class Utf8Test {
  private static final byte[][] RESTS = {
    {(byte) 0x80},
    {(byte) 0x9f},
    {(byte) 0xa0},
    {(byte) 0x80, (byte) 0x80},
    {(byte) 0x90, (byte) 0x80},
    {(byte) 0xa0, (byte) 0x80},
    {(byte) 0x80, (byte) 0x80, (byte) 0x80},
    {(byte) 0x90, (byte) 0x80, (byte) 0x80}
  };

  @Property(tries = 5_000)
  void agreesWithJava(@ForAll("almostUtf8") byte[] bytes) {
    assertThat(Utf8.firstInvalid(bytes, bytes.length) == Utf8.VALID).isEqualTo(javaReads(bytes));
  }

  @Property
  void takesEveryText(@ForAll String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(Utf8.firstInvalid(bytes, bytes.length)).isEqualTo(Utf8.VALID);
  }

  @Property
  void namesTheFirstBadByte(@ForAll String text) {
    byte[] good = text.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = ByteBuffer.allocate(good.length + 1).put(good).put((byte) 0xff).array();

    assertThat(Utf8.firstInvalid(bytes, bytes.length)).isEqualTo(good.length);
  }

  @Property
  void knowsWhatMayStillBecomeAText(@ForAll String text, @ForAll @IntRange(max = 400) int cut) {
    byte[] whole =
        new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
            .getBytes(StandardCharsets.UTF_8);
    int length = Math.min(cut, whole.length);

    int end = Utf8.endOfWhole(whole, 0, length);

    assertThat(end == length || Utf8.mayGoOn(whole, end, length)).isTrue();
    assertThat(length - end).isLessThan(4);
  }

  @Property(tries = 5_000)
  void knowsWhatCanNoLongerBecomeOne(@ForAll("almostUtf8") byte[] bytes) {
    int end = Utf8.endOfWhole(bytes, 0, bytes.length);
    boolean mayGoOn = end < bytes.length && Utf8.mayGoOn(bytes, end, bytes.length);

    assertThat(mayGoOn).isEqualTo(end < bytes.length && canBeCompleted(bytes));
  }

  /// Whether some continuation makes it whole.
  private static boolean canBeCompleted(byte[] bytes) {
    for (byte[] rest : RESTS) {
      byte[] all = ByteBuffer.allocate(bytes.length + rest.length).put(bytes).put(rest).array();
      if (javaReads(all)) {
        return true;
      }
    }
    return false;
  }

  @Provide
  Arbitrary<byte[]> almostUtf8() {
    Arbitrary<Byte> edges =
        Arbitraries.of(
            (byte) 'a',
            (byte) 0x80,
            (byte) 0x8f,
            (byte) 0x90,
            (byte) 0x9f,
            (byte) 0xa0,
            (byte) 0xbf,
            (byte) 0xc0,
            (byte) 0xc1,
            (byte) 0xc2,
            (byte) 0xdf,
            (byte) 0xe0,
            (byte) 0xe1,
            (byte) 0xed,
            (byte) 0xee,
            (byte) 0xf0,
            (byte) 0xf1,
            (byte) 0xf4,
            (byte) 0xf5,
            (byte) 0xff);
    return edges.array(byte[].class).ofMaxSize(12);
  }

  private static boolean javaReads(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).limit() >= 0;
    } catch (CharacterCodingException _) {
      return false;
    }
  }
}
