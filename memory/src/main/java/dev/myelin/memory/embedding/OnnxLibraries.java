package dev.myelin.memory.embedding;

import ai.onnxruntime.OrtEnvironment;
import dev.myelin.journal.nativelib.NativeLibraries;
import dev.myelin.journal.nativelib.NativeLibraries.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Has ONNX Runtime load its native libraries from the cache. By itself it unpacks 17 MB into the
/// temporary folder at each start, and a process that is killed leaves them there.
final class OnnxLibraries {
  private static final String PATH = "onnxruntime.native.path";
  private static final List<String> NAMES = List.of("onnxruntime", "onnxruntime4j_jni");

  private OnnxLibraries() {}

  /// To be called before the first use of ONNX Runtime. Does nothing where the user names a folder,
  /// and where there is no cache.
  static void prepare() {
    if (System.getProperty(PATH) == null) {
      unpacked().ifPresent(folder -> System.setProperty(PATH, folder.toString()));
    }
  }

  private static Optional<Path> unpacked() {
    String folder = "/ai/onnxruntime/native/" + system() + "-" + processor() + "/";
    return NativeLibraries.unpack(
        OrtEnvironment.class,
        NAMES.stream()
            .map(System::mapLibraryName)
            .map(file -> new Resource(folder + file, file))
            .toList());
  }

  /// As ONNX Runtime names them; of systems that it does not know there is no folder.
  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return name.contains("mac") ? "osx" : name.contains("win") ? "win" : "linux";
  }

  private static String processor() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return name.equals("amd64") || name.equals("x86_64") ? "x64" : name;
  }
}
