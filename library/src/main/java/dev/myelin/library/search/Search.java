package dev.myelin.library.search;

import dev.myelin.memory.filter.Condition;
import dev.myelin.model.Embedding;
import dev.myelin.model.SpaceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A question to a library.
///
/// Conditions look at `document_id`, `document_title`, `chunk_index`, `chunk_start`, `author`,
/// `document_type`, `source_url`, `created_at` (RFC 3339), `tags`, and each field of the document's
/// own metadata.
///
/// @param text null if an embedding asks alone
/// @param k how many results, 1 to 100
/// @param maxDistance drops results that are further away; 2 keeps all
/// @param conditions all of them hold for each result
public record Search(
    SpaceId library,
    @Nullable String text,
    @Nullable Embedding embedding,
    int k,
    float maxDistance,
    List<Condition> conditions,
    Mode mode,
    boolean includeEmbeddings) {
  public static final int MAX_K = 100;
  public static final float MAX_DISTANCE = 2f;

  public Search {
    conditions = List.copyOf(conditions);
  }

  /// The ten passages that answer a text best.
  public static Search about(SpaceId library, String text, Mode mode) {
    return new Search(library, text, null, 10, MAX_DISTANCE, List.of(), mode, false);
  }

  /// The ten passages nearest to an embedding.
  public static Search near(SpaceId library, Embedding embedding) {
    return new Search(library, null, embedding, 10, MAX_DISTANCE, List.of(), Mode.MEANING, false);
  }

  public Search withK(int wanted) {
    return new Search(
        library, text, embedding, wanted, maxDistance, conditions, mode, includeEmbeddings);
  }

  public Search withMaxDistance(float furthest) {
    return new Search(library, text, embedding, k, furthest, conditions, mode, includeEmbeddings);
  }

  public Search where(Condition... all) {
    return new Search(
        library, text, embedding, k, maxDistance, List.of(all), mode, includeEmbeddings);
  }

  public Search withEmbeddings() {
    return new Search(library, text, embedding, k, maxDistance, conditions, mode, true);
  }

  public Search in(Mode settled) {
    return new Search(
        library, text, embedding, k, maxDistance, conditions, settled, includeEmbeddings);
  }

  /// What results are ranked by.
  public enum Mode {
    /// Distance, where the question has an embedding that fits the library or can be given one; the
    /// words of the text where it cannot.
    AUTOMATIC,
    /// Distance of embeddings, nearest first.
    MEANING,
    /// The words of the text.
    WORDS,
    /// Both, fused.
    HYBRID
  }
}
