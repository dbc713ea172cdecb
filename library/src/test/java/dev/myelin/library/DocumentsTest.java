package dev.myelin.library;

import static dev.myelin.library.LibraryFixture.TENANT;
import static dev.myelin.library.LibraryFixture.turning;
import static dev.myelin.library.LibraryFixture.vector;
import static dev.myelin.library.LibraryServiceTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myelin.library.document.DocumentInfo;
import dev.myelin.library.document.DocumentMeta;
import dev.myelin.library.document.DocumentPatch;
import dev.myelin.library.document.DocumentResult;
import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.document.Passage;
import dev.myelin.library.event.Cause;
import dev.myelin.library.event.EventType;
import dev.myelin.library.event.LibraryEvent;
import dev.myelin.library.model.LibraryInfo;
import dev.myelin.library.model.Page;
import dev.myelin.library.search.Search;
import dev.myelin.library.search.Search.Mode;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.SpaceId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Documents: added, read, changed, deleted, one by one and many at once.
final class DocumentsTest {
  @TempDir Path folder;
  private LibraryFixture fixture;
  private SpaceId library;

  @BeforeEach
  void open() {
    fixture = new LibraryFixture(folder);
    library = fixture.library("papers");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private DocumentInfo add(NewDocument document) {
    return fixture.service.add(library, document, Cause.NONE);
  }

  private List<LibraryEvent> events() {
    return fixture.service.feed().read(library, 0, 10_000, Set.of()).events();
  }

  private LibraryInfo info() {
    return fixture.service.find(library).orElseThrow();
  }

  @Test
  void cutsATextAndKeepsWhereEachPassageIs() {
    StringBuilder text = new StringBuilder();
    for (int section = 0; section < 5; section++) {
      text.append("# Section ").append(section).append("\n\n");
      for (int sentence = 0; sentence < 30; sentence++) {
        text.append("Sentence ").append(sentence).append(" speaks of things in a room. ");
      }
      text.append("\n\n");
    }
    DocumentInfo added = add(NewDocument.ofText("Long", text.toString()));
    assertThat(added.passages()).hasSizeGreaterThan(5);
    assertThat(added.passageCount()).isEqualTo(added.passages().size());
    for (Passage passage : added.passages()) {
      assertThat(text.substring(passage.start())).startsWith(passage.text());
    }
    fixture.restart();
    assertThat(fixture.service.document(library, added.id(), true)).contains(added);
    assertThat(info().passages()).isEqualTo(added.passages().size());
  }

  @Test
  void addsPassagesAsTheyAreWithTheirEmbeddings() {
    DocumentInfo added = add(turning("doc", 3, 0));
    assertThat(added.version()).isEqualTo(1);
    DocumentInfo bare = fixture.service.document(library, "doc", false).orElseThrow();
    assertThat(bare.passages())
        .extracting(Passage::text)
        .containsExactly("passage 0 of doc", "passage 1 of doc", "passage 2 of doc");
    assertThat(bare.passages()).extracting(Passage::embedding).containsOnlyNulls();
    assertThat(bare.passages()).extracting(Passage::index).containsExactly(0, 1, 2);
    assertThat(fixture.service.document(library, "doc", true)).contains(added);
    LibraryEvent event = events().getLast();
    assertThat(event.type()).isEqualTo(EventType.DOCUMENT_ADDED);
    assertThat(event.data())
        .isEqualTo(Map.of("document_id", "doc", "title", "Title of doc", "num_chunks", 3));
  }

  @Test
  void keepsADocumentsIdInItsLibrary() {
    SpaceId other = fixture.library("other");
    add(turning("same", 1, 0));
    assertRefused(() -> add(turning("same", 1, 0)), ErrorCode.CONFLICT, "same exists already");
    fixture.service.add(other, turning("same", 2, 0), Cause.NONE);
    assertThat(fixture.service.libraryOf(TENANT, "same")).contains(other);
    fixture.service.delete(other, "same", null, Cause.NONE);
    assertThat(fixture.service.document(other, "same", false)).isEmpty();
    assertThat(fixture.service.document(library, "same", false)).isPresent();
    assertThat(fixture.service.libraryOf(TENANT, "same")).contains(library);
    assertThat(fixture.service.libraryOf(TENANT, "sam")).isEmpty();
    assertRefused(
        () -> fixture.service.delete(other, "same", null, Cause.NONE),
        ErrorCode.DOCUMENT_NOT_FOUND,
        "does not exist in library other");
  }

  @Test
  void replacesPassagesOnUpdateAndTellsOfItOnce() {
    DocumentInfo before = add(turning("doc", 3, 0));
    DocumentInfo after =
        fixture.service.update(
            library,
            "doc",
            DocumentPatch.ofPassages(List.of(new NewPassage("new words", vector(0, 1))))
                .ifVersion(1),
            Cause.NONE);
    assertThat(after.version()).isEqualTo(2);
    assertThat(after.meta()).isEqualTo(before.meta());
    assertThat(after.passages()).singleElement().extracting(Passage::text).isEqualTo("new words");
    assertThat(info().passages()).isEqualTo(1);
    assertThat(events().stream().map(LibraryEvent::type).toList())
        .containsExactly(
            EventType.LIBRARY_CREATED, EventType.DOCUMENT_ADDED, EventType.DOCUMENT_UPDATED);
    assertRefused(
        () ->
            fixture.service.update(
                library, "doc", DocumentPatch.ofText("x").ifVersion(1), Cause.NONE),
        ErrorCode.PRECONDITION_FAILED,
        "Document doc has version 2 (expected: 1)");
    assertThat(fixture.service.search(Search.about(library, "passage", Mode.WORDS)).hits())
        .isEmpty();
    fixture.restart();
    assertThat(fixture.service.document(library, "doc", true)).contains(after);
  }

  @Test
  void changesWhatIsSaidOfADocumentInItsPassagesToo() {
    DocumentInfo before = add(turning("doc", 2, 0));
    DocumentPatch patch =
        new DocumentPatch(
            "Renamed", "Ada", null, "https://x", List.of("t"), Map.of("n", 1), null, null, null);
    DocumentInfo after = fixture.service.update(library, "doc", patch, Cause.NONE);
    assertThat(after.meta().title()).isEqualTo("Renamed");
    assertThat(after.passages())
        .extracting(Passage::embedding)
        .isEqualTo(before.passages().stream().map(Passage::embedding).toList());
    var hit = fixture.service.search(Search.near(library, vector(1, 0))).hits().getFirst();
    assertThat(hit.documentTitle()).isEqualTo("Renamed");
    assertThat(hit.metadata()).containsEntry("author", "Ada").containsEntry("n", "1");
  }

  @Test
  void letsSeveralUpdateOneDocumentWithoutLosingAny() throws Exception {
    add(turning("doc", 1, 0));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<DocumentInfo>> updates = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String text = "text " + i;
        updates.add(
            threads.submit(() ->
                fixture.service.update(library, "doc", DocumentPatch.ofText(text), Cause.NONE)));
      }
      for (Future<DocumentInfo> update : updates) {
        update.get();
      }
    }
    DocumentInfo last = fixture.service.document(library, "doc", false).orElseThrow();
    assertThat(last.version()).isEqualTo(5);
    assertThat(last.passages()).hasSize(1);
    assertThat(info().passages()).isEqualTo(1);
  }

  @Test
  void listsDocumentsPageByPage() {
    for (int i = 0; i < 5; i++) {
      add(turning("doc-" + i, 1, 0));
    }
    add(turning("doc", 1, 0));
    List<String> ids = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<DocumentInfo> page = fixture.service.documents(library, 2, cursor);
      page.items().forEach(one -> ids.add(one.id()));
      cursor = page.next();
    } while (cursor != null);
    assertThat(ids).containsExactly("doc", "doc-0", "doc-1", "doc-2", "doc-3", "doc-4");
  }

  @Test
  void doesABatchItemByItemInOrder() {
    add(turning("taken", 1, 0));
    List<NewDocument> batch = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      batch.add(turning("doc-" + i, 2, i * 0.02));
    }
    batch.set(3, NewDocument.ofText("Blank", "  "));
    batch.set(70, turning("taken", 2, 0));
    batch.set(
        71, NewDocument.ofPassages("Wide", List.of(new NewPassage("three", vector(1, 2, 3)))));
    batch.set(199, turning("doc-0", 1, 0));
    List<DocumentResult> results = fixture.service.addAll(library, batch, Cause.NONE);
    assertThat(results).hasSize(200);
    for (int i = 0; i < 200; i++) {
      DocumentResult result = results.get(i);
      boolean bad = Set.of(3, 70, 71, 199).contains(i);
      assertThat(result.document() == null).as("item %d", i).isEqualTo(bad);
      assertThat(result.failure() == null).as("item %d", i).isEqualTo(!bad);
      if (!bad) {
        assertThat(result.orThrow().id()).isEqualTo("doc-" + i);
      }
    }
    assertRefused(() -> results.get(3).orThrow(), ErrorCode.INVALID_DOCUMENT, "text is blank");
    assertRefused(() -> results.get(70).orThrow(), ErrorCode.CONFLICT, "taken");
    assertRefused(
        () -> results.get(71).orThrow(),
        ErrorCode.DIMENSION_MISMATCH,
        "chunks[0].embedding has 3 values (expected: 2)");
    assertThat(info().documents()).isEqualTo(197);
    assertThat(info().passages()).isEqualTo(1 + 2 * 196);
    List<LibraryEvent> events = events();
    assertThat(events).hasSize(2 + 196 + 2);
    assertThat(events.get(2).type()).isEqualTo(EventType.BATCH_STARTED);
    assertThat(events.getLast().type()).isEqualTo(EventType.BATCH_COMPLETED);
    assertThat(events.getLast().data())
        .containsEntry("total", 200)
        .containsEntry("succeeded", 196)
        .containsEntry("failed", 4);
  }

  @Test
  void deletesManyItemByItem() {
    for (int i = 0; i < 5; i++) {
      add(turning("doc-" + i, 2, 0));
    }
    List<DocumentResult> results =
        fixture.service.deleteAll(library, List.of("doc-3", "none", "doc-1"), Cause.NONE);
    assertThat(results.get(0).orThrow().id()).isEqualTo("doc-3");
    assertRefused(() -> results.get(1).orThrow(), ErrorCode.DOCUMENT_NOT_FOUND, "none");
    assertThat(results.get(2).orThrow().passageCount()).isEqualTo(2);
    assertThat(info().documents()).isEqualTo(3);
    List<DocumentResult> none = fixture.service.deleteAll(library, List.of("doc-3"), Cause.NONE);
    assertThat(none.getFirst().failure()).isNotNull();
    assertThat(events().getLast().type()).isEqualTo(EventType.BATCH_FAILED);
  }

  @Test
  void namesTheFieldThatIsWrong() {
    refused(NewDocument.ofText("Title", " "), "text is blank");
    refused(NewDocument.ofText(" ", "text"), "title is blank");
    refused(NewDocument.ofText("x".repeat(501), "text"), "title has 501 characters");
    refused(NewDocument.ofText("Title", "x".repeat(4_000_001)), "text has 4000001 characters");
    refused(NewDocument.ofPassages("Title", List.of()), "text is missing");
    refused(NewDocument.ofText("Title", "text").withId("a b"), "id is \"a b\"");
    NewPassage good = NewPassage.of("good");
    refused(
        NewDocument.ofPassages("Title", List.of(good, NewPassage.of("\n"))), "texts[1] is blank");
    refused(
        NewDocument.ofPassages("Title", List.of(new NewPassage("x".repeat(10_001), vector(1, 0)))),
        "chunks[0].text has 10001 characters (expected: at most 10000)");
    refused(
        NewDocument.ofPassages("Title", Collections.nCopies(1_001, good)),
        "chunks are 1001 (expected: at most 1000)");
    refused(NewDocument.ofText("Title", "A sentence of words. ".repeat(50_000)), "chunks are");
    refused(
        new NewDocument(null, DocumentMeta.titled("Title"), "text", List.of(good), false),
        "text is there beside passages");
    refused(
        NewDocument.ofText("Title", "text")
            .withMeta(DocumentMeta.titled("Title").withMetadata(Map.of("k", "x".repeat(20_000)))),
        "metadata is 20008 bytes of JSON");
    refused(
        NewDocument.ofText("Title", "text")
            .withMeta(DocumentMeta.titled("Title").withMetadata(Map.of("k", new Object()))),
        "metadata has a value that JSON cannot say");
    refused(
        NewDocument.ofText("Title", "text")
            .withMeta(DocumentMeta.titled("Title").withTags(Collections.nCopies(101, "t"))),
        "tags are 101");
    assertRefused(
        () -> fixture.service.addAll(library, List.of(), Cause.NONE),
        ErrorCode.INVALID_DOCUMENT,
        "documents are 0 (expected: 1 to 1000)");
    SpaceId nowhere = SpaceId.parse("nowhere");
    assertRefused(
        () -> fixture.service.add(nowhere, turning("doc", 1, 0), Cause.NONE),
        ErrorCode.LIBRARY_NOT_FOUND,
        "nowhere");
    assertThat(events()).hasSize(1);
  }

  private void refused(NewDocument document, String text) {
    assertRefused(() -> add(document), ErrorCode.INVALID_DOCUMENT, text);
  }
}
