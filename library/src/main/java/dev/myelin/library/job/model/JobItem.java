package dev.myelin.library.job.model;

import dev.myelin.library.document.NewDocument;

/// One of the things that a job is given.
public sealed interface JobItem {

  /// A document that is to be added; it has an id.
  record Added(NewDocument document) implements JobItem {}

  /// What should have been a document, and why it is none: it fails alone.
  record Refused(String reason) implements JobItem {}

  /// A document that is to be deleted.
  record Deleted(String documentId) implements JobItem {}
}
