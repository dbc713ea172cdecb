package dev.myelin.proto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import dev.myelin.proto.engram.v1.MemoryOuterClass;
import dev.myelin.proto.engram.v1.Service;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Holds the contracts against the table of names and numbers that clients were written for.
class EngramWireTest {

  @Test
  void everyNameAndNumberOfTheProtocolIsThere() throws IOException {
    Set<String> ours = new TreeSet<>();
    collect(MemoryOuterClass.getDescriptor(), ours);
    collect(Service.getDescriptor(), ours);
    assertThat(ours).containsAll(expected());
  }

  @Test
  void theServiceHasExactlyItsRpcs() throws IOException {
    assertThat(Service.getDescriptor().findServiceByName("EngramService").getMethods())
        .extracting(EngramWireTest::line)
        .containsExactlyInAnyOrderElementsOf(
            expected().stream().filter(line -> line.startsWith("rpc ")).toList());
  }

  @Test
  void whatWasAddedIsOptional() throws IOException {
    Set<String> expected = expected();
    for (FileDescriptor file : Set.of(MemoryOuterClass.getDescriptor(), Service.getDescriptor())) {
      for (Descriptor message : file.getMessageTypes()) {
        boolean known =
            expected.stream().anyMatch(line -> line.startsWith(message.getName() + " :"));
        for (FieldDescriptor field : message.getFields()) {
          if (known && !expected.contains(line(message, field))) {
            assertThat(field.hasPresence() || field.isRepeated())
                .as("%s is optional", field.getFullName())
                .isTrue();
          }
        }
      }
    }
  }

  private static Set<String> expected() throws IOException {
    try (InputStream table =
        Objects.requireNonNull(EngramWireTest.class.getResourceAsStream("/engram-v1-wire.txt"))) {
      Set<String> lines = new TreeSet<>();
      new String(table.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(lines::add);
      assertThat(lines).hasSizeGreaterThan(400);
      return lines;
    }
  }

  private static void collect(FileDescriptor file, Set<String> into) {
    file.getServices()
        .forEach(service -> service.getMethods().forEach(method -> into.add(line(method))));
    file.getEnumTypes().forEach(type -> collect(type.getName(), type, into));
    for (Descriptor message : file.getMessageTypes()) {
      if (message.getFields().isEmpty()) {
        into.add(message.getName() + " :");
      }
      message.getFields().forEach(field -> into.add(line(message, field)));
      message
          .getEnumTypes()
          .forEach(type -> collect(message.getName() + "." + type.getName(), type, into));
    }
  }

  private static void collect(String name, EnumDescriptor type, Set<String> into) {
    for (EnumValueDescriptor value : type.getValues()) {
      into.add("enum " + name + " : " + value.getName() + "=" + value.getNumber());
    }
  }

  private static String line(MethodDescriptor rpc) {
    return "rpc %s : %s%s -> %s%s"
        .formatted(
            rpc.getName(),
            rpc.isClientStreaming() ? "stream " : "",
            rpc.getInputType().getName(),
            rpc.isServerStreaming() ? "stream " : "",
            rpc.getOutputType().getName());
  }

  private static String line(Descriptor message, FieldDescriptor field) {
    OneofDescriptor oneof = field.getRealContainingOneof();
    return message.getName()
        + " : "
        + field.getName()
        + " "
        + typeOf(field)
        + "="
        + field.getNumber()
        + (oneof == null ? "" : " [" + oneof.getName() + "]");
  }

  private static String typeOf(FieldDescriptor field) {
    if (field.isMapField()) {
      var entry = field.getMessageType();
      return "map<"
          + scalar(entry.findFieldByNumber(1))
          + ","
          + scalar(entry.findFieldByNumber(2))
          + ">";
    }
    return (field.isRepeated() ? "repeated " : "") + scalar(field);
  }

  private static String scalar(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getName();
      case ENUM -> field.getEnumType().getName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }
}
