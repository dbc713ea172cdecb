package dev.myelin.journal.nativelib;

import dev.myelin.journal.nativelib.NativeLibraries.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// A file in a jar, as the jar's directory tells of it.
///
/// @param name of the unpacked file
/// @param size of the unpacked file, in bytes
/// @param checksum CRC-32 of the unpacked file
record PackedFile(URL url, String name, long size, long checksum) {

  /// Empty if there is no such resource, or not in a jar.
  static Optional<PackedFile> find(Class<?> owner, Resource resource) throws IOException {
    URL url = owner.getResource(resource.path());
    if (url == null || !(url.openConnection() instanceof JarURLConnection connection)) {
      return Optional.empty();
    }
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      JarEntry entry = jar.getJarEntry(connection.getEntryName());
      return Optional.of(new PackedFile(url, resource.file(), entry.getSize(), entry.getCrc()));
    }
  }

  /// The unpacked bytes; closing them closes the jar.
  InputStream open() throws IOException {
    JarURLConnection connection = (JarURLConnection) url.openConnection();
    connection.setUseCaches(false);
    return connection.getInputStream();
  }
}
