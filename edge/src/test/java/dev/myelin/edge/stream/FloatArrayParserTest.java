package dev.myelin.edge.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatArrayParserTest {
  private final FloatArrayParser parser = new FloatArrayParser();

  @Test
  void readsAnArrayAndSaysWhereItEnds() {
    byte[] bytes = bytes("[ 1, -2.5 ,3e2,\n\t4.0E-1 ] , \"next\"");

    assertThat(parser.parse(bytes, 1, bytes.length)).isEqualTo(24);
    assertThat(parser.values()).containsExactly(1f, -2.5f, 300f, 0.4f);
  }

  @Test
  void readsAnEmptyArray() {
    assertThat(parser.parse(bytes("  ]"), 0, 3)).isEqualTo(2);
    assertThat(parser.values()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1,",
        "1,]",
        ",1]",
        "01]",
        "-]",
        "+1]",
        ".5]",
        "1.]",
        "1.e2]",
        "1e]",
        "1e+]",
        "NaN]",
        "Infinity]",
        "-Infinity]",
        "1 2]",
        "\"1\"]",
        "null]",
        "[1]]",
        "0x1]",
        "1f]",
        "1.5.5]",
        "--1]",
        "1-]",
        "00.1]",
        "{}]"
      })
  void stepsBackFromWhatIsNoArrayOfNumbers(String text) {
    byte[] bytes = bytes(text);

    assertThat(parser.parse(bytes, 0, bytes.length)).isEqualTo(FloatArrayParser.NOT_PLAIN);
  }

  @Test
  void doesNotReadBeyondItsLimit() {
    assertThat(parser.parse(bytes("1.12345678]"), 0, 9)).isEqualTo(FloatArrayParser.NOT_PLAIN);
  }

  @Test
  void countsWhatAnEmbeddingCannotHold() {
    String many = "0.5,".repeat(5_000) + "1]";

    assertThat(parser.parse(bytes(many), 0, many.length())).isEqualTo(many.length() - 1);
    assertThatThrownBy(parser::values)
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_EMBEDDING);
              assertThat(e.text()).contains("5001 values", "1 to 4096");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "0.0",
        "-0.0e5",
        "0e999",
        "1e-400",
        "-1e-46",
        "1e39",
        "-1e999999999999",
        "3.4028235e38",
        "3.4028236e38",
        "3.4028235677973366e38",
        "1.17549435e-38",
        "1.1754942807573643e-38",
        "1.1754943508222875e-38",
        "1.4e-45",
        "7e-46",
        "7.1e-46",
        "16777217",
        "16777219",
        "33554435",
        "1.00000005960464477539062",
        "1.000000059604644775390625",
        "1.00000005960464477539063",
        "0.000000000000000000000000000000000000000000001401298464324817",
        "123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808e-19",
        "1e22",
        "1e23",
        "1e-22",
        "1e-23",
        "100000000000000000000e-20",
        "0.3333333432674407958984375",
        "0.00000001",
        "12345678.12345678",
        "99999999.99999999"
      })
  void agreesWithJavaAtTheEdges(String number) {
    assertAgrees(number);
  }

  @Property(tries = 20_000)
  void agreesWithJavaOnFloats(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    if (Float.isFinite(value)) {
      assertAgrees(Float.toString(value));
      assertAgrees(Double.toString(value));
    }
  }

  @Property(tries = 20_000)
  void agreesWithJavaOnDoubles(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    if (Double.isFinite(value)) {
      assertAgrees(Double.toString(value));
    }
  }

  /// Numbers next to the middle between two floats, where rounding twice goes wrong.
  @Property(tries = 20_000)
  void agreesWithJavaNearTheMiddleOfTwoFloats(
      @ForAll @IntRange(min = 0, max = 0x7f7ffffe) int bits,
      @ForAll @LongRange(min = -12, max = 12) long units) {
    double middle = ((double) Float.intBitsToFloat(bits) + Float.intBitsToFloat(bits + 1)) / 2;
    double near = Double.longBitsToDouble(Double.doubleToRawLongBits(middle) + units);
    assertAgrees(Double.toString(Math.abs(near)));
    assertAgrees(new BigDecimal(Math.abs(near)).toString());
  }

  @Property(tries = 20_000)
  void agreesWithJavaOnDecimals(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long digits,
      @ForAll @IntRange(min = 0, max = 25) int decimals,
      @ForAll @IntRange(min = -50, max = 50) int power) {
    String text = BigDecimal.valueOf(digits, decimals).toPlainString();
    assertAgrees(text);
    assertAgrees("-" + text + "e" + power);
    String point = text.indexOf('.') < 0 ? "." : "";
    assertAgrees(text + point + "1234567890123456789E+" + Math.abs(power));
  }

  @Property
  void readsManyAsItReadsEach(@ForAll @Size(max = 60) List<@IntRange Integer> numbers) {
    StringBuilder text = new StringBuilder();
    for (int number : numbers) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(String.format(Locale.ROOT, "%.7f", number / 1e9));
    }
    byte[] bytes = bytes(text + "]");

    assertThat(parser.parse(bytes, 0, bytes.length)).isEqualTo(bytes.length - 1);
    float[] values = parser.values();
    assertThat(values).hasSize(numbers.size());
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i])
          .isEqualTo(Float.parseFloat(String.format(Locale.ROOT, "%.7f", numbers.get(i) / 1e9)));
    }
  }

  private void assertAgrees(String number) {
    byte[] bytes = bytes(number + "]");
    assertThat(parser.parse(bytes, 0, bytes.length)).as(number).isEqualTo(number.length());
    assertThat(Float.floatToRawIntBits(parser.values()[0]))
        .as(number)
        .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(number)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
