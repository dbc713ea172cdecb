package dev.myelin.journal.rocks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.myelin.journal.Batch;
import dev.myelin.journal.Lane;
import dev.myelin.journal.StreamName;
import dev.myelin.journal.Table;
import dev.myelin.journal.Transaction;
import dev.myelin.model.ServiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/// A process that appends as fast as it can and prints a line for each acknowledgement: `stream
/// offset`, or `stream offset erased`. It goes on until it is killed.
final class CrashChild {
  static final int STREAMS = 3;
  static final Table FLOORS = new Table("floors");

  /// Every so many records, one before it is erased.
  static final int ERASE_EVERY = 7;

  private static final int IN_FLIGHT = 200;

  private CrashChild() {}

  static StreamName stream(int number) {
    return new StreamName("crash/" + number);
  }

  /// What a record of a stream holds: its stream and offset, over and over.
  static byte[] payload(int stream, long offset) {
    ByteBuffer payload = ByteBuffer.allocate(16 * (int) (1 + offset % 50));
    while (payload.hasRemaining()) {
      payload.putLong(stream).putLong(offset);
    }
    return payload.array();
  }

  static byte[] floorKey(int stream) {
    return new byte[] {(byte) stream};
  }

  static byte[] floor(long offset) {
    return ByteBuffer.allocate(Long.BYTES).putLong(offset).array();
  }

  public static void main(String[] arguments) throws InterruptedException {
    Semaphore room = new Semaphore(IN_FLIGHT);
    FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    RocksJournal journal =
        RocksJournal.open(
            Path.of(arguments[0]),
            JournalConfig.DEFAULT,
            InstantSource.system(),
            new SimpleMeterRegistry());
    for (int turn = 0; ; turn++) {
      room.acquire();
      journal.submit(Lane.NORMAL, new Appending(turn % STREAMS, room, out));
    }
  }

  /// Appends one record, moves the floor with it, and now and then erases the record before.
  private static final class Appending implements Transaction {
    private final int stream;
    private final Semaphore room;
    private final FileOutputStream out;
    private long offset;

    Appending(int stream, Semaphore room, FileOutputStream out) {
      this.stream = stream;
      this.room = room;
      this.out = out;
    }

    @Override
    public int sizeInBytes() {
      return 1_000;
    }

    @Override
    public void run(Batch batch) {
      StreamName name = stream(stream);
      offset = batch.append(name, (byte) 1, payload(stream, batch.lastOffset(name) + 1));
      batch.put(FLOORS, floorKey(stream), floor(offset));
      if (offset % ERASE_EVERY == 0) {
        batch.erase(name, offset - 1);
      }
    }

    @Override
    public void committed() {
      String erased = offset % ERASE_EVERY == 0 ? stream + " " + (offset - 1) + " erased\n" : "";
      try {
        out.write((stream + " " + offset + "\n" + erased).getBytes(US_ASCII));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      room.release();
    }

    @Override
    public void failed(ServiceException reason) {
      throw reason;
    }
  }
}
