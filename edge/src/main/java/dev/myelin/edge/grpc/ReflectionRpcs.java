package dev.myelin.edge.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import dev.myelin.edge.grpc.call.Rpc;
import dev.myelin.edge.grpc.call.Status;
import dev.myelin.model.Excerpt;
import dev.myelin.proto.grpc.reflection.v1.ErrorResponse;
import dev.myelin.proto.grpc.reflection.v1.ExtensionNumberResponse;
import dev.myelin.proto.grpc.reflection.v1.FileDescriptorResponse;
import dev.myelin.proto.grpc.reflection.v1.ListServiceResponse;
import dev.myelin.proto.grpc.reflection.v1.ServerReflectionRequest;
import dev.myelin.proto.grpc.reflection.v1.ServerReflectionResponse;
import dev.myelin.proto.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The standard reflection service, under its name and under the older one that tools still ask.
final class ReflectionRpcs {
  static final String SERVICE = "grpc.reflection.v1.ServerReflection";

  private static final String OLDER = "grpc.reflection.v1alpha.ServerReflection";
  private static final String METHOD = "/ServerReflectionInfo";

  private final List<String> services = new ArrayList<>();
  private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
  private final Map<String, FileDescriptor> symbols = new HashMap<>();

  /// @param files those that declare the services
  ReflectionRpcs(Collection<FileDescriptor> files) {
    for (FileDescriptor file : files) {
      file.getServices().forEach(service -> services.add(service.getFullName()));
      add(file);
    }
  }

  private void add(FileDescriptor file) {
    if (files.putIfAbsent(file.getName(), file) != null) {
      return;
    }
    file.getServices()
        .forEach(service -> {
          symbols.put(service.getFullName(), file);
          service.getMethods().forEach(method -> symbols.put(method.getFullName(), file));
        });
    file.getMessageTypes().forEach(this::add);
    file.getEnumTypes().forEach(type -> addAll(List.of(type), type.getValues()));
    addAll(file.getExtensions(), List.of());
    file.getDependencies().forEach(this::add);
  }

  private void add(Descriptor message) {
    addAll(List.of(message), message.getFields());
    addAll(message.getOneofs(), message.getExtensions());
    message.getEnumTypes().forEach(type -> addAll(List.of(type), type.getValues()));
    message.getNestedTypes().forEach(this::add);
  }

  private void addAll(
      Collection<? extends GenericDescriptor> some, Collection<? extends GenericDescriptor> more) {
    some.forEach(symbol -> symbols.put(symbol.getFullName(), symbol.getFile()));
    more.forEach(symbol -> symbols.put(symbol.getFullName(), symbol.getFile()));
  }

  Map<String, Rpc> rpcs(int maxWaiting) {
    Rpc rpc =
        Replies.inOrder(
            ServerReflectionRequest.getDefaultInstance(),
            (request, caller) -> CompletableFuture.completedFuture(answer(request)),
            maxWaiting);
    return Map.of("/" + SERVICE + METHOD, rpc, "/" + OLDER + METHOD, rpc);
  }

  private ServerReflectionResponse answer(ServerReflectionRequest request) {
    ServerReflectionResponse.Builder answer =
        ServerReflectionResponse.newBuilder()
            .setValidHost(request.getHost())
            .setOriginalRequest(request);
    switch (request.getMessageRequestCase()) {
      case LIST_SERVICES -> answer.setListServicesResponse(list());
      case FILE_BY_FILENAME ->
          file(answer, files.get(request.getFileByFilename()), request.getFileByFilename());
      case FILE_CONTAINING_SYMBOL ->
          file(
              answer,
              symbols.get(request.getFileContainingSymbol()),
              request.getFileContainingSymbol());
      case FILE_CONTAINING_EXTENSION -> {
        var asked = request.getFileContainingExtension();
        file(
            answer,
            extensions(asked.getContainingType()).stream()
                .filter(extension -> extension.getNumber() == asked.getExtensionNumber())
                .map(FieldDescriptor::getFile)
                .findFirst()
                .orElse(null),
            asked.getContainingType() + " " + asked.getExtensionNumber());
      }
      case ALL_EXTENSION_NUMBERS_OF_TYPE -> numbers(answer, request.getAllExtensionNumbersOfType());
      case MESSAGEREQUEST_NOT_SET -> fail(answer, Status.INVALID_ARGUMENT, "Nothing is asked.");
    }
    return answer.build();
  }

  private ListServiceResponse list() {
    ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
    services.forEach(name -> list.addService(ServiceResponse.newBuilder().setName(name)));
    return list.build();
  }

  private void numbers(ServerReflectionResponse.Builder answer, String type) {
    if (!symbols.containsKey(type)) {
      fail(answer, Status.NOT_FOUND, "Not found: " + Excerpt.of(type));
      return;
    }
    ExtensionNumberResponse.Builder numbers =
        ExtensionNumberResponse.newBuilder().setBaseTypeName(type);
    extensions(type).forEach(extension -> numbers.addExtensionNumber(extension.getNumber()));
    answer.setAllExtensionNumbersResponse(numbers);
  }

  private List<FieldDescriptor> extensions(String type) {
    return files.values().stream()
        .flatMap(file -> file.getExtensions().stream())
        .filter(extension -> extension.getContainingType().getFullName().equals(type))
        .toList();
  }

  /// The file, and after it all that it needs.
  private static void file(
      ServerReflectionResponse.Builder answer, @Nullable FileDescriptor file, String asked) {
    if (file == null) {
      fail(answer, Status.NOT_FOUND, "Not found: " + Excerpt.of(asked));
      return;
    }
    Map<String, FileDescriptor> needed = new LinkedHashMap<>();
    collect(file, needed);
    FileDescriptorResponse.Builder files = FileDescriptorResponse.newBuilder();
    needed.values().forEach(one -> files.addFileDescriptorProto(one.toProto().toByteString()));
    answer.setFileDescriptorResponse(files);
  }

  private static void collect(FileDescriptor file, Map<String, FileDescriptor> into) {
    if (!into.containsKey(file.getName())) {
      into.put(file.getName(), file);
      file.getDependencies().forEach(needed -> collect(needed, into));
    }
  }

  private static void fail(ServerReflectionResponse.Builder answer, Status status, String text) {
    answer.setErrorResponse(
        ErrorResponse.newBuilder().setErrorCode(status.code()).setErrorMessage(text));
  }
}
