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

class Utf8Test {
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
