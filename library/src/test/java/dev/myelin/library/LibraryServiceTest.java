package dev.myelin.library;

import static dev.myelin.library.LibraryFixture.TENANT;
import static dev.myelin.library.LibraryFixture.turning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.library.model.LibraryPatch;
import dev.myelin.library.model.LibraryStatistics;
import dev.myelin.library.model.NewLibrary;
import dev.myelin.library.model.Page;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.Search.Mode;
import dev.myelin.library.search.SearchHit;
import dev.myelin.memory.space.RebuildWatch;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Libraries themselves.
final class LibraryServiceTest {
  @TempDir Path folder;
  private LibraryFixture fixture;

  @BeforeEach
  void open() {
    fixture = new LibraryFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  static void assertRefused(ThrowingCallable call, ErrorCode code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ServiceException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.text()).contains(text);
            });
  }

  @Test
  void createsALibraryAndKnowsItAfterARestart() {
    NewLibrary asked =
        new NewLibrary(null, "Papers", "what we read", Map.of("team", "a"), "ivf", "some-model", 3);
    LibraryInfo made = fixture.service.create(TENANT, asked, Cause.NONE);
    assertThat(UUID.fromString(made.id().name())).isNotNull();
    assertThat(made.name()).isEqualTo("Papers");
    assertThat(made.description()).isEqualTo("what we read");
    assertThat(made.metadata()).isEqualTo(Map.of("team", "a"));
    assertThat(made.indexType()).isEqualTo("ivf");
    assertThat(made.embeddingModel()).isEqualTo("some-model");
    assertThat(made.dimension()).isEqualTo(3);
    assertThat(made.documents()).isZero();
    assertThat(made.version()).isEqualTo(1);
    fixture.restart();
    assertThat(fixture.service.find(made.id())).contains(made);
  }

  @Test
  void refusesAnIdThatIsTakenAndFieldsThatAreWrong() {
    SpaceId library = fixture.library("papers");
    assertRefused(() -> fixture.library("papers"), ErrorCode.CONFLICT, "papers exists already");
    assertRefused(() -> fixture.library("No"), ErrorCode.INVALID_SPACE, "No");
    assertRefused(
        () -> fixture.service.create(TENANT, NewLibrary.named(" "), Cause.NONE),
        ErrorCode.INVALID_LIBRARY,
        "name has 0 characters (expected: 1 to 255)");
    assertRefused(
        () ->
            fixture.service.create(TENANT, NewLibrary.named("x").withDimension(5_000), Cause.NONE),
        ErrorCode.INVALID_LIBRARY,
        "dimension is 5000");
    assertRefused(
        () ->
            fixture.service.update(
                library, new LibraryPatch(null, "x".repeat(10_001), null, null), Cause.NONE),
        ErrorCode.INVALID_LIBRARY,
        "description has 10001");
    assertRefused(
        () ->
            fixture.service.update(
                library,
                new LibraryPatch(null, null, Map.of("k", "x".repeat(70_000)), null),
                Cause.NONE),
        ErrorCode.INVALID_LIBRARY,
        "metadata is");
    assertRefused(
        () ->
            fixture.service.update(
                library, new LibraryPatch(null, null, Map.of("k", new Object()), null), Cause.NONE),
        ErrorCode.INVALID_LIBRARY,
        "JSON cannot say");
  }

  @Test
  void listsPageByPageInOrderOfId() {
    for (int i = 0; i < 7; i++) {
      fixture.library("lib-" + i);
    }
    fixture.service.create("other", NewLibrary.named("Foreign").withId("foreign"), Cause.NONE);
    fixture.stream(SpaceId.parse("lib-35"), "streamed");
    List<String> names = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<LibraryInfo> page = fixture.service.list(TENANT, 3, cursor);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(3);
      page.items().forEach(info -> names.add(info.id().name()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(names)
        .containsExactly("lib-0", "lib-1", "lib-2", "lib-3", "lib-35", "lib-4", "lib-5", "lib-6");
  }

  @Test
  void updatesOnlyTheVersionItWasAskedTo() {
    SpaceId library = fixture.library("papers");
    LibraryInfo after =
        fixture.service.update(library, new LibraryPatch("New", null, null, 1L), Cause.NONE);
    assertThat(after.name()).isEqualTo("New");
    assertThat(after.version()).isEqualTo(2);
    assertRefused(
        () -> fixture.service.update(library, new LibraryPatch("Old", null, null, 1L), Cause.NONE),
        ErrorCode.PRECONDITION_FAILED,
        "has version 2 (expected: 1)");
    assertThat(fixture.service.find(library).orElseThrow().name()).isEqualTo("New");
  }

  @Test
  void deletesEverythingAndBeginsAnewUnderTheSameId() {
    SpaceId library = fixture.library("papers");
    fixture.service.add(library, turning("doc", 3, 0), Cause.NONE);
    fixture.service.delete(library, Cause.NONE);
    assertThat(fixture.service.find(library)).isEmpty();
    assertThat(fixture.service.libraryOf(TENANT, "doc")).isEmpty();
    assertRefused(
        () -> fixture.service.documents(library, 10, null), ErrorCode.LIBRARY_NOT_FOUND, "papers");
    assertRefused(
        () -> fixture.service.delete(library, Cause.NONE), ErrorCode.LIBRARY_NOT_FOUND, "papers");
    assertThat(fixture.service.feed().deletions(TENANT))
        .singleElement()
        .satisfies(event -> assertThat(event.type()).isEqualTo(EventType.LIBRARY_DELETED));
    fixture.restart();
    assertThat(fixture.service.list(TENANT, 10, null).items()).isEmpty();
    SpaceId again = fixture.library("papers");
    assertThat(fixture.service.find(again).orElseThrow().documents()).isZero();
    assertThat(fixture.service.document(again, "doc", false)).isEmpty();
    assertThat(types(again)).containsExactly(EventType.LIBRARY_CREATED);
  }

  private List<String> types(SpaceId library) {
    return fixture.service.feed().read(library, 0, 100, Set.of()).events().stream()
        .map(LibraryEvent::type)
        .toList();
  }

  @Test
  void seesSpacesMadeByStreamingAndIsSeenByRecall() {
    SpaceId space = SpaceId.parse("streamed");
    fixture.stream(space, "the red fox sleeps");
    LibraryInfo info = fixture.service.find(space).orElseThrow();
    assertThat(info.name()).isEqualTo("streamed");
    assertThat(info.passages()).isEqualTo(1);
    SearchHit hit =
        fixture.service.search(Search.about(space, "fox", Mode.WORDS)).hits().getFirst();
    assertThat(hit.documentId()).isNull();
    assertThat(hit.passage().text()).isEqualTo("the red fox sleeps");
    assertThat(hit.distance()).isNaN();
    fixture.service.add(space, turning("doc", 2, 0), Cause.NONE);
    LibraryInfo renamed =
        fixture.service.update(space, new LibraryPatch("Fox", null, null, null), Cause.NONE);
    assertThat(renamed.name()).isEqualTo("Fox");
    assertThat(renamed.documents()).isEqualTo(1);
    assertThat(renamed.passages()).isEqualTo(3);
    fixture.restart();
    LibraryInfo later = fixture.service.find(space).orElseThrow();
    assertThat(later).isEqualTo(renamed);
  }

  @Test
  void givesFiguresAndRebuildsAndOptimisesTheIndex() {
    SpaceId library = fixture.library("papers");
    fixture.service.add(library, turning("doc", 20, 0), Cause.NONE);
    fixture.service.add(library, turning("gone", 20, 1), Cause.NONE);
    fixture.service.delete(library, "gone", null, Cause.NONE);
    assertThat(fixture.service.indexes().rebuild(library, RebuildWatch.NONE).orElseThrow())
        .containsEntry("total_vectors_reindexed", 20L);
    assertThat(fixture.service.indexes().rebuild(library, (_, _) -> false)).isEmpty();
    assertThat(fixture.service.indexes().optimize(library)).containsKey("vectors_compacted");
    LibraryStatistics figures = fixture.service.statistics(library);
    assertThat(figures.documents()).isEqualTo(1);
    assertThat(figures.passages()).isEqualTo(20);
    assertThat(figures.dimension()).isEqualTo(2);
    assertThat(figures.oldestOffset()).isZero();
    assertThat(figures.endOffset()).isEqualTo(fixture.service.feed().end(library));
    assertThat(types(library))
        .containsExactly(
            EventType.LIBRARY_CREATED,
            EventType.DOCUMENT_ADDED,
            EventType.DOCUMENT_ADDED,
            EventType.DOCUMENT_DELETED);
    assertThat(fixture.service.search(Search.near(library, LibraryFixture.vector(1, 0))).hits())
        .hasSize(10)
        .allSatisfy(hit -> assertThat(hit.documentId()).isEqualTo("doc"));
  }
}
