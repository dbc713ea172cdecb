package dev.myelin.model;

/// Untrusted text made fit for an error message: quoted, short, without control characters.
public final class Excerpt {
  private static final int MAX_CHARACTERS = 80;

  private Excerpt() {}

  public static String of(String text) {
    boolean cut = text.length() > MAX_CHARACTERS;
    String head = cut ? text.substring(0, MAX_CHARACTERS) : text;
    String clean = head.replaceAll("[\\p{Cntrl}\\p{Cs}]", "?");
    return cut ? "\"" + clean + "…\" (" + text.length() + " characters)" : "\"" + clean + "\"";
  }
}
