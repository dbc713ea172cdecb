package dev.myelin.edge.job;

import dev.myelin.edge.library.DocumentReader;
import dev.myelin.edge.library.LibraryIds;
import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.library.LibraryService;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.job.model.JobFilter;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Added;
import dev.myelin.library.job.model.JobItem.Deleted;
import dev.myelin.library.job.model.JobItem.Refused;
import dev.myelin.library.job.model.JobStatus;
import dev.myelin.library.job.model.JobType;
import dev.myelin.library.job.model.NewJob;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.SpaceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Jobs in a client's requests.
final class JobReader {
  private static final int MAX_ID = 128;
  private static final int MAX_WORD = 64;
  private static final int MAX_RETRIES = 10;
  private static final Set<String> FORMS = Set.of("ndjson", "json", "csv");
  private static final String STATUSES =
      Arrays.stream(JobStatus.values()).map(JobStatus::word).collect(Collectors.joining(", "));
  private static final String TYPES =
      Arrays.stream(JobType.values()).map(JobType::word).collect(Collectors.joining(", "));

  private final LibraryService libraries;
  private final DocumentReader documents;
  private final int maxItems;

  /// @param maxItems how many things one job may be given
  JobReader(LibraryService libraries, DocumentReader documents, int maxItems) {
    this.libraries = libraries;
    this.documents = documents;
    this.maxItems = maxItems;
  }

  /// A job that is asked for, of who may have it done.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, PERMISSION_DENIED
  NewJob read(RestRequest request, JobType type) {
    JsonObject json = request.json();
    Principal principal = request.principal();
    NewJob job =
        switch (type) {
          case BATCH_IMPORT -> NewJob.of(type, library(principal, json, type), added(json));
          case BATCH_DELETE -> deletion(principal, json);
          case BATCH_EXPORT -> export(NewJob.of(type, library(principal, json, type)), json);
          case INDEX_REBUILD, INDEX_OPTIMIZE, REGENERATE_EMBEDDINGS ->
              NewJob.of(type, library(principal, json, type));
        };
    return job.askedBy(request.idOf(0))
        .withRetries(
            json.has("max_retries") ? (int) json.integer("max_retries", 0, MAX_RETRIES, 0) : null);
  }

  private SpaceId library(Principal principal, JsonObject json, JobType type) {
    return existing(principal, json.text("library_id", 1, MAX_ID), type.scope());
  }

  private SpaceId existing(Principal principal, String name, Scope scope) {
    SpaceId library = principal.require(scope, LibraryIds.of(principal.tenant(), name));
    return LibraryIds.info(libraries, library).id();
  }

  /// A bad document fails alone, once the job comes to it.
  private List<JobItem> added(JsonObject json) {
    boolean deferred = json.flag("defer_embedding", false);
    List<@Nullable JsonObject> given = json.objects("documents", 1, maxItems);
    List<JobItem> items = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      try {
        NewDocument document = documents.document(json.require(given.get(i), "documents", i));
        items.add(new Added(deferred ? document.deferred() : document));
      } catch (JsonFailure e) {
        items.add(new Refused(e.text()));
      }
    }
    return items;
  }

  private NewJob deletion(Principal principal, JsonObject json) {
    List<String> ids = json.texts("document_ids", maxItems, 1, MAX_ID);
    if (ids == null || ids.isEmpty()) {
      throw json.invalid("document_ids", "is missing (expected: 1 to " + maxItems + " ids).");
    }
    SpaceId library =
        json.has("library_id")
            ? library(principal, json, JobType.BATCH_DELETE)
            : home(principal, json, ids);
    return NewJob.of(JobType.BATCH_DELETE, library, ids.stream().map(Deleted::new).toList());
  }

  /// The one library that has the documents.
  private SpaceId home(Principal principal, JsonObject json, List<String> ids) {
    Set<SpaceId> homes = new HashSet<>();
    for (String id : ids) {
      libraries
          .libraryOf(principal.tenant(), id)
          .filter(library -> principal.may(Scope.READ, library))
          .ifPresent(homes::add);
    }
    if (homes.size() != 1) {
      throw json.invalid(
          "library_id",
          "is missing, and the documents are in "
              + homes.size()
              + " libraries (expected: in one). Say which library, and make a job for each.");
    }
    return principal.require(Scope.WRITE, homes.iterator().next());
  }

  private static NewJob export(NewJob job, JsonObject json) {
    String form = json.textOrNull("format", 1, MAX_WORD);
    if (form != null && !FORMS.contains(form)) {
      throw json.invalid("format", "is unknown (expected: ndjson, json or csv).");
    }
    return job.with(NewJob.FORMAT, form == null ? "ndjson" : form)
        .with(NewJob.EMBEDDINGS, json.flag("include_embeddings", false));
  }

  // ---- lists

  /// Which jobs a list is to show.
  ///
  /// @throws RestException 422 for a word that is none
  static JobFilter filter(RestRequest request) {
    Principal principal = request.principal();
    String library = request.parameter("library_id");
    return new JobFilter(
        space -> principal.may(Scope.READ, space),
        parameter(request, "status", JobStatus::parse, STATUSES),
        parameter(request, "type", JobType::parse, TYPES),
        library == null
            ? null
            : principal.require(Scope.READ, LibraryIds.of(principal.tenant(), library)));
  }

  private static <T> @Nullable T parameter(
      RestRequest request, String name, Function<String, Optional<T>> parse, String words) {
    String text = request.parameter(name);
    return text == null
        ? null
        : parse
            .apply(text)
            .orElseThrow(
                () -> RestException.invalid(name, "is unknown (expected: " + words + ")."));
  }
}
