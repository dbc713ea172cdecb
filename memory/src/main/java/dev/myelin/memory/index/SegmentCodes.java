package dev.myelin.memory.index;

import dev.myelin.memory.vector.CodeBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;

/// The one-bit codes of one segment in memory, laid out for scanning, and the offsets of its
/// memories.
final class SegmentCodes {
  private final CodeBlock codes;
  private final int[] documents;
  private final long[] offsets;

  private SegmentCodes(CodeBlock codes, int[] documents, long[] offsets) {
    this.codes = codes;
    this.documents = documents;
    this.offsets = offsets;
  }

  static SegmentCodes load(LeafReader segment, int words) throws IOException {
    long[] offsets = new long[segment.maxDoc()];
    NumericDocValues numbers = segment.getNumericDocValues(IndexSchema.OFFSET);
    while (numbers != null && numbers.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      offsets[numbers.docID()] = numbers.longValue();
    }
    BinaryDocValues values = segment.getBinaryDocValues(IndexSchema.BITS);
    if (values == null) {
      return new SegmentCodes(new CodeBlock(words, 0), new int[0], offsets);
    }
    int[] documents = new int[segment.maxDoc()];
    int size = 0;
    while (values.nextDoc() != DocIdSetIterator.NO_MORE_DOCS) {
      documents[size++] = values.docID();
    }
    documents = Arrays.copyOf(documents, size);
    return new SegmentCodes(read(segment, words, documents), documents, offsets);
  }

  private static CodeBlock read(LeafReader segment, int words, int[] documents) throws IOException {
    BinaryDocValues values = segment.getBinaryDocValues(IndexSchema.BITS);
    CodeBlock codes = new CodeBlock(words, documents.length);
    long[] bits = new long[words];
    for (int i = 0; i < documents.length; i++) {
      values.advance(documents[i]);
      BytesRef code = values.binaryValue();
      ByteBuffer bytes =
          ByteBuffer.wrap(code.bytes, code.offset, code.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asLongBuffer().get(bits);
      bytes.position(code.offset + words * Long.BYTES);
      codes.set(i, bits, bytes.getFloat(), bytes.getFloat());
    }
    return codes;
  }

  CodeBlock codes() {
    return codes;
  }

  /// The document that a code belongs to.
  int document(int code) {
    return documents[code];
  }

  /// The offset of a document's memory.
  long offset(int document) {
    return offsets[document];
  }

  long bytes() {
    return codes.bytes() + 4L * documents.length + 8L * offsets.length;
  }
}
