package dev.myelin.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// A TCP connection that speaks HTTP/1.1 and WebSocket byte by byte, so that it can misbehave.
public final class RawSocket implements AutoCloseable {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  /// Added to an opcode: the message is compressed (RFC 7692, section 6).
  public static final int COMPRESSED = 0x40;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final Random masks = new Random(1);

  public RawSocket(int port) throws IOException {
    this(port, 0);
  }

  /// @param receiveBuffer in bytes, 0 for what the system likes
  public RawSocket(int port, int receiveBuffer) throws IOException {
    socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout((int) TestServer.PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = socket.getOutputStream();
  }

  /// Asks for a WebSocket and gives the head of the answer.
  public String upgrade(String... headers) throws IOException {
    return upgradeAt("/v1/stream", headers);
  }

  /// The same elsewhere.
  ///
  /// @param path with its query
  public String upgradeAt(String path, String... headers) throws IOException {
    StringBuilder request =
        new StringBuilder(
            """
            GET %s HTTP/1.1\r
            Host: 127.0.0.1\r
            Connection: keep-alive, Upgrade\r
            Upgrade: websocket\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """
                .formatted(path));
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    send(request + "\r\n");
    return head();
  }

  public void send(String bytes) throws IOException {
    send(bytes.getBytes(StandardCharsets.UTF_8));
  }

  public void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /// Reads the head of a response.
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  /// Sends one masked frame.
  public void frame(int opcode, boolean last, byte[] payload) throws IOException {
    send(encode(opcode, last, payload, true));
  }

  public byte[] encode(int opcode, boolean last, byte[] payload, boolean masked) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write((last ? 0x80 : 0) | opcode);
    int mask = masked ? 0x80 : 0;
    if (payload.length < 126) {
      frame.write(mask | payload.length);
    } else if (payload.length <= 0xffff) {
      frame.write(mask | 126);
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      frame.write(mask | 127);
      frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    if (!masked) {
      frame.writeBytes(payload);
      return frame.toByteArray();
    }
    byte[] key = new byte[4];
    masks.nextBytes(key);
    frame.writeBytes(key);
    byte[] hidden = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      hidden[i] = (byte) (payload[i] ^ key[i & 3]);
    }
    frame.writeBytes(hidden);
    return frame.toByteArray();
  }

  /// One frame of the server.
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Frame(int opcode, boolean last, boolean compressed, byte[] payload) {
    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /// The code of a close, 1005 if it has none.
    public int closeCode() {
      return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
    }
  }

  /// Reads one frame.
  ///
  /// @throws EOFException if the connection has ended
  public Frame readFrame() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    if ((second & 0x80) != 0) {
      throw new AssertionError("a server must not mask");
    }
    long length = second & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = in.readLong();
    }
    byte[] payload = new byte[Math.toIntExact(length)];
    in.readFully(payload);
    return new Frame(first & 0x0f, (first & 0x80) != 0, (first & COMPRESSED) != 0, payload);
  }

  /// What is read from a socket.
  public interface Reading<T> {
    T read() throws IOException;
  }

  /// Reads with other patience than usual.
  ///
  /// @throws SocketTimeoutException if nothing comes for so long
  public <T> T withPatience(int millis, Reading<T> reading) throws IOException {
    int usual = socket.getSoTimeout();
    socket.setSoTimeout(millis);
    try {
      return reading.read();
    } finally {
      socket.setSoTimeout(usual);
    }
  }

  /// Whether the server ends the connection, after whatever it still sends.
  public boolean endsSoon() {
    try {
      while (in.read() >= 0) {
        // What is still on its way does not matter.
      }
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  /// Ends the connection without a word: the server sees a reset.
  public void cut() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
