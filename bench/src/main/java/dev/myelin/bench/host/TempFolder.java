package dev.myelin.bench.host;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// A folder that is gone when it is closed, or at the latest when the process ends.
public final class TempFolder implements AutoCloseable {
  private final Path path;
  private final Thread atExit = Thread.ofPlatform().unstarted(this::deleteQuietly);

  private TempFolder(Path path) {
    this.path = path;
  }

  public static TempFolder create() throws IOException {
    TempFolder folder = new TempFolder(Files.createTempDirectory("myelin-bench"));
    Runtime.getRuntime().addShutdownHook(folder.atExit);
    return folder;
  }

  public Path path() {
    return path;
  }

  /// What the files in it take together.
  public long bytes() throws IOException {
    long[] bytes = new long[1];
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // deleted in the meantime
          }
        });
    return bytes[0];
  }

  @Override
  public void close() throws IOException {
    if (!isExiting()) {
      delete();
    }
  }

  private boolean isExiting() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
      return false;
    } catch (IllegalStateException e) {
      return true; // the hook does it
    }
  }

  private void delete() throws IOException {
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void deleteQuietly() {
    try {
      delete();
    } catch (NoSuchFileException e) {
      // gone already
    } catch (IOException e) {
      System.err.println("The folder " + path + " could not be deleted: " + e.getMessage());
    }
  }
}
