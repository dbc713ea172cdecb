package dev.myelin.library.job;

import dev.myelin.library.document.NewDocument;
import dev.myelin.library.document.NewPassage;
import dev.myelin.library.job.model.JobItem;
import dev.myelin.library.job.model.JobItem.Added;
import java.util.ArrayList;
import java.util.List;

/// Documents without ids, of one long passage each.
final class LongDocuments {
  private LongDocuments() {}

  static List<JobItem> of(int count, int characters) {
    List<NewPassage> passages = List.of(NewPassage.of("x".repeat(characters)));
    List<JobItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(new Added(NewDocument.ofPassages("Long", passages)));
    }
    return items;
  }
}
