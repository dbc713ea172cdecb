package dev.myelin.edge.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameSkipperTest {
  private static final int MAX = 1_000;
  private static final byte[] EMPTY_TEXT = {(byte) 0x81, (byte) 0x80, 0, 0, 0, 0};

  private final ByteArrayOutputStream through = new ByteArrayOutputStream();
  private int skipped;
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new FrameSkipper(MAX),
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
              ByteBuf bytes = (ByteBuf) message;
              while (bytes.isReadable()) {
                through.write(bytes.readByte());
              }
              bytes.release();
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext context, Object event) {
              skipped++;
            }
          });

  private static byte[] frame(int first, int length) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (length < 126) {
      frame.write(0x80 | length);
    } else if (length <= 0xffff) {
      frame.write(0x80 | 126);
      frame.write(length >> 8);
      frame.write(length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) length >> shift));
      }
    }
    frame.writeBytes(new byte[] {1, 2, 3, 4});
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) first);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  @Test
  void letsThroughWhatIsShortAndTakesOutWhatIsLongHoweverItIsCut() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    int[] lengths = {0, 1, 125, 126, MAX, MAX + 1, 10 * MAX, 5, 0, 16 * MAX, MAX - 1};
    int longOnes = 0;
    for (int length : lengths) {
      byte[] frame = frame(0x81, length);
      sent.writeBytes(frame);
      expected.writeBytes(length > MAX ? EMPTY_TEXT : frame);
      longOnes += length > MAX ? 1 : 0;
    }
    byte[] all = sent.toByteArray();
    int at = 0;
    while (at < all.length) {
      int size = Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 4_000));
      channel.writeInbound(Unpooled.copiedBuffer(all, at, size));
      at += size;
    }
    assertThat(skipped).as("seed %s", seed).isEqualTo(longOnes);
    assertThat(through.toByteArray()).as("seed %s", seed).isEqualTo(expected.toByteArray());
  }

  @Test
  void keepsWhatSaysWhereAMessageEnds() {
    channel.writeInbound(Unpooled.wrappedBuffer(frame(0x41, MAX + 1)));
    assertThat(through.toByteArray()).isEqualTo(new byte[] {0x01, (byte) 0x80, 0, 0, 0, 0});
  }

  @Test
  void leavesWhatIsLongBeyondReasonToTheDecoder() {
    byte[] frame = frame(0x81, 16 * MAX + 1);
    channel.writeInbound(Unpooled.wrappedBuffer(frame));
    assertThat(skipped).isZero();
    assertThat(through.toByteArray()).isEqualTo(frame);
  }
}
