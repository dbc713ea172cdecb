package dev.myelin.client.model;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Something that happened, to be remembered. Immutable.
///
/// It says what happened in words, or what it means as an embedding, or both. Everything else is
/// optional. Without an id the stream gives it one of its own, so that sending it again after a
/// broken connection can never make two memories of it.
public final class Observation {
  public static final int MAX_WHAT_BYTES = 64 * 1024;
  private static final int MAX_DETAIL_CHARACTERS = 512 * 1024;

  private final @Nullable String id;
  private final @Nullable Instant when;
  private final String what;
  private final Embedding embedding;
  private final float confidence;
  private final @Nullable Priority priority;
  private final Details details;

  private Observation(Builder builder) {
    this.id = builder.id;
    this.when = builder.when;
    this.what = builder.what;
    this.embedding = builder.embedding;
    this.confidence = builder.confidence;
    this.priority = builder.priority;
    this.details =
        builder.plain
            ? Details.NONE
            : new Details(
                builder.place,
                builder.people,
                builder.why,
                builder.how,
                builder.tags,
                builder.metadata,
                builder.importance,
                builder.emotionalValence);
  }

  /// What else is known.
  ///
  /// @param importance 0 to 1; 0 where nothing was said
  /// @param emotionalValence -1 (bad) to 1 (good)
  public record Details(
      @Nullable String place,
      List<String> people,
      @Nullable String why,
      @Nullable String how,
      List<String> tags,
      Map<String, String> metadata,
      float importance,
      float emotionalValence) {

    /// Nothing else is known.
    public static final Details NONE =
        new Details(null, List.of(), null, null, List.of(), Map.of(), 0f, 0f);

    public Details {
      people = List.copyOf(people);
      tags = List.copyOf(tags);
      metadata = Map.copyOf(metadata);
    }
  }

  /// A text, observed now.
  public static Observation of(String what) {
    return builder().what(what).build();
  }

  /// A text with its embedding, observed now.
  public static Observation of(String what, float[] embedding) {
    return builder().what(what).embedding(embedding).build();
  }

  public static Builder builder() {
    return new Builder();
  }

  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /// When it happened; empty means when it is committed.
  public Optional<Instant> when() {
    return Optional.ofNullable(when);
  }

  /// What happened; may be empty if there is an embedding.
  public String what() {
    return what;
  }

  /// What it means; empty if that is not known.
  public Embedding embedding() {
    return embedding;
  }

  /// How sure the observer is, 0 to 1; negative where nothing was said.
  public float confidence() {
    return confidence;
  }

  /// How urgent it is; empty takes the stream's.
  public Optional<Priority> priority() {
    return Optional.ofNullable(priority);
  }

  public Details details() {
    return details;
  }

  @Override
  public String toString() {
    return "Observation[id=" + id + ", " + embedding.dimension() + " dimensions]";
  }

  /// Makes observations; not for several threads at once.
  public static final class Builder {
    private @Nullable String id;
    private @Nullable Instant when;
    private String what = "";
    private Embedding embedding = Embedding.NONE;
    private float confidence = -1f;
    private @Nullable Priority priority;
    private @Nullable String place;
    private List<String> people = List.of();
    private @Nullable String why;
    private @Nullable String how;
    private List<String> tags = List.of();
    private Map<String, String> metadata = Map.of();
    private float importance;
    private float emotionalValence;
    private boolean plain = true;

    private Builder() {}

    /// The memory's name in its space, at most 512 bytes; the same name again replaces the older
    /// memory.
    public Builder id(@Nullable String value) {
      id = value;
      return this;
    }

    public Builder when(@Nullable Instant value) {
      when = value;
      return this;
    }

    /// What happened, at most 64 KiB of UTF-8.
    public Builder what(String value) {
      what = value;
      return this;
    }

    /// Its meaning: finite values, not all zero, of the space's dimension. The array is copied.
    public Builder embedding(float[] values) {
      embedding = Embedding.of(values.clone());
      return this;
    }

    /// Its meaning, shared and not copied: for the same embedding in several observations.
    public Builder embedding(Embedding shared) {
      embedding = shared;
      return this;
    }

    /// How sure the observer is, 0 to 1.
    public Builder confidence(float value) {
      confidence = Math.clamp(value, 0f, 1f);
      return this;
    }

    public Builder priority(@Nullable Priority value) {
      priority = value;
      return this;
    }

    public Builder place(@Nullable String value) {
      place = value;
      plain = false;
      return this;
    }

    public Builder people(List<String> names) {
      people = names;
      plain = false;
      return this;
    }

    public Builder why(@Nullable String value) {
      why = value;
      plain = false;
      return this;
    }

    public Builder how(@Nullable String value) {
      how = value;
      plain = false;
      return this;
    }

    /// Labels to filter by.
    public Builder tags(List<String> labels) {
      tags = labels;
      plain = false;
      return this;
    }

    /// Free pairs, given back as they came.
    public Builder metadata(Map<String, String> pairs) {
      metadata = pairs;
      plain = false;
      return this;
    }

    /// From 0 to 1.
    public Builder importance(float value) {
      importance = Math.clamp(value, 0f, 1f);
      plain = false;
      return this;
    }

    /// From -1 (bad) to 1 (good).
    public Builder emotionalValence(float value) {
      emotionalValence = Math.clamp(value, -1f, 1f);
      plain = false;
      return this;
    }

    private long detailCharacters() {
      long characters = 0;
      for (String each : people) {
        characters += each.length();
      }
      for (String each : tags) {
        characters += each.length();
      }
      for (Map.Entry<String, String> pair : metadata.entrySet()) {
        characters += pair.getKey().length() + pair.getValue().length();
      }
      return characters;
    }

    /// The observation as it stands.
    ///
    /// @throws IllegalArgumentException if it has neither words nor an embedding, or an embedding
    ///   that is not finite or all zero
    public Observation build() {
      if (what.isEmpty() && embedding.dimension() == 0) {
        throw new IllegalArgumentException(
            "observation: empty (expected: what, embedding or both)");
      }
      if (what.length() > MAX_WHAT_BYTES
          || (what.length() > MAX_WHAT_BYTES / 3
              && what.getBytes(StandardCharsets.UTF_8).length > MAX_WHAT_BYTES)) {
        throw new IllegalArgumentException(
            "what: longer than " + MAX_WHAT_BYTES + " bytes of UTF-8 (expected: split it up)");
      }
      if (detailCharacters() > MAX_DETAIL_CHARACTERS) {
        throw new IllegalArgumentException(
            "tags, people, metadata: more than " + MAX_DETAIL_CHARACTERS + " characters together");
      }
      embedding.requireDirection();
      return new Observation(this);
    }
  }
}
