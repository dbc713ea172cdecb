package dev.myelin.model;

/// What kind of memory it is. The order is part of the stored form: append only.
public enum MemoryType {
  UNSPECIFIED,
  EPISODIC,
  SEMANTIC,
  PROCEDURAL,
  WORKING
}
