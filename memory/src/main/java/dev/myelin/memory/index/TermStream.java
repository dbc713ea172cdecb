package dev.myelin.memory.index;

import dev.myelin.memory.ranking.Terms;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.analysis.tokenattributes.TermFrequencyAttribute;
import org.apache.lucene.util.BytesRef;

/// Hands the terms of one text after another to the index: their hashes as terms, with their
/// frequencies. One thread.
final class TermStream extends TokenStream {
  private Terms terms = Terms.NONE;
  private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
  private final TermFrequencyAttribute frequency = addAttribute(TermFrequencyAttribute.class);
  private int next;

  /// Turns to another text.
  TermStream over(Terms terms) {
    this.terms = terms;
    return this;
  }

  /// A hash as a term: its seven bytes.
  static BytesRef bytes(long hash) {
    byte[] bytes = new byte[7];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (hash >>> (56 - 8 * i));
    }
    return new BytesRef(bytes);
  }

  @Override
  public boolean incrementToken() {
    if (next == terms.size()) {
      return false;
    }
    term.setBytesRef(bytes(terms.hash(next)));
    frequency.setTermFrequency(terms.frequency(next));
    next++;
    return true;
  }

  @Override
  public void reset() {
    // Once a text: what changes from term to term is set for each.
    clearAttributes();
    next = 0;
  }
}
